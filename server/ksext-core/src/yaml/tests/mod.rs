//! Laws of the reader, tried on texts that nobody has written: against libyaml and yaml-rust2, of its
//! spans, of its repair, of its bounds. Single facts stand beside the code that they are about.

mod bounds;
mod differential;
mod repair;
mod spans;

use proptest::prelude::*;

/// Texts put together from what YAML is made of, most of them nearly well-formed. Words mean the same
/// in YAML 1.1 and 1.2.
pub(crate) fn soup() -> impl Strategy<Value = String> {
    const PIECES: [&str; 44] = [
        "a: ",
        "b: ",
        "c:\n",
        "键: ",
        "\"k\": ",
        "'k': ",
        "- ",
        "- ",
        "-\n",
        "\n",
        "\n",
        "\n",
        "\n  ",
        "\n  ",
        "\n    ",
        "\r\n",
        " ",
        "  ",
        "x",
        "word",
        "two words",
        "观测",
        "😀",
        "12",
        "true",
        "null",
        "~",
        "\"q\"",
        "\"a\\n\\u4e2d\"",
        "'it''s'",
        "\"two\n  lines\"",
        "[",
        "]",
        "{",
        "}",
        ", ",
        ": ",
        "# note",
        " # 注",
        "|\n  text\n",
        ">-\n  folded\n  text\n",
        "&n ",
        "*n",
        "\t",
    ];
    let piece = proptest::sample::select(&PIECES[..]);
    proptest::collection::vec(piece, 1..24).prop_map(|pieces| pieces.concat())
}

/// Texts that are laid out as people lay out manifests, and are well-formed.
fn manifest() -> impl Strategy<Value = String> {
    let scalar = proptest::sample::select(
        &[
            "word",
            "two words",
            "观测平台",
            "\"quoted: 引号\"",
            "'it''s'",
            "12",
            "true",
            "~",
            "",
            "'>=4.1.0-0'",
            "https://example.com/a#b",
            "word # note",
            "[a, 'b', \"c\"]",
            "{zh: 名, en: name}",
            "[]",
            "|\n    literal\n\n    文字",
            ">-\n    folded\n    text",
            "\"over\n    two lines\"",
            "plain\n    on two lines",
        ][..],
    );
    let block = proptest::collection::vec((scalar.clone(), any::<bool>()), 0..4);
    let list = proptest::collection::vec(scalar.clone(), 1..4);
    let entry = prop_oneof![
        scalar.prop_map(|scalar| format!(" {scalar}\n")),
        block.prop_map(|entries| {
            let line = |(key, (value, comment)): (usize, &(&str, bool))| {
                format!(
                    "{}  k{key}: {value}\n",
                    if *comment { "  # 注释\n" } else { "" }
                )
            };
            format!(
                "\n{}",
                entries.iter().enumerate().map(line).collect::<String>()
            )
        }),
        list.prop_map(|items| {
            format!(
                "\n{}",
                items
                    .iter()
                    .map(|item| format!("  - {item}\n"))
                    .collect::<String>()
            )
        }),
    ];
    let entries = proptest::collection::vec(entry, 1..8);
    entries.prop_map(|entries| {
        let line = |(key, entry): (usize, &String)| format!("key{key}:{entry}");
        entries.iter().enumerate().map(line).collect()
    })
}
