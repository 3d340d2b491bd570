//! What is wrong with a YAML text, in words.

use crate::bilingual;
use crate::lang::Bilingual;
use crate::yaml::{ErrorKind, Unwritable};

/// What is wrong, and what to do about it.
#[expect(
    clippy::too_many_lines,
    reason = "a table: the words of each kind of error"
)]
pub(in crate::rules) fn words(kind: &ErrorKind) -> Bilingual {
    match kind {
        ErrorKind::InvalidUtf8(_) => Bilingual::fixed(
            "this byte is not UTF-8; save the file as UTF-8",
            "此处的字节不是 UTF-8；请将文件保存为 UTF-8",
        ),
        ErrorKind::ControlCharacter(char) => {
            let code = u32::from(*char);
            bilingual!(
                "the control character U+{code:04X} is not allowed in YAML; delete it",
                "YAML 不允许控制字符 U+{code:04X}；请删除它",
            )
        }
        ErrorKind::CannotStartToken(Some('\t')) => Bilingual::fixed(
            "a tab cannot indent in YAML; use spaces",
            "YAML 不能用制表符缩进；请使用空格",
        ),
        ErrorKind::CannotStartToken(Some('`')) => Bilingual::fixed(
            "a value cannot begin with a backtick; put it in quotes",
            "值不能以反引号开头；请给它加上引号",
        ),
        ErrorKind::CannotStartToken(char) => {
            let char = char.unwrap_or(' ');
            bilingual!(
                "a value cannot begin with `{char}`; put it in quotes",
                "值不能以 `{char}` 开头；请给它加上引号",
            )
        }
        ErrorKind::ValueNotAllowed => Bilingual::fixed(
            "a second `key:` cannot stand here; quote the value if the colon belongs to it, or check the indentation",
            "此处不能再出现 `key:`；如果冒号属于值，请给值加引号，否则请检查缩进",
        ),
        ErrorKind::EntryNotAllowed => Bilingual::fixed(
            "a list cannot begin here; put `-` on a line of its own",
            "列表不能从这里开始；请把 `-` 放到单独一行",
        ),
        ErrorKind::KeyNotAllowed => {
            Bilingual::fixed("a `?` key cannot begin here", "`?` 形式的键不能从这里开始")
        }
        ErrorKind::MissingColon => Bilingual::fixed(
            "this line has no `:`, so it is not a key of the map around it",
            "这一行没有 `:`，无法成为所在映射的键",
        ),
        ErrorKind::UnclosedQuote => {
            Bilingual::fixed("this quote is not closed", "这个引号没有闭合")
        }
        ErrorKind::DocumentMarkInQuotes => Bilingual::fixed(
            "`---` or `...` at the start of a line cannot stand inside quotes",
            "引号内的行首不能是 `---` 或 `...`",
        ),
        ErrorKind::TabIndentation | ErrorKind::TabInBlockScalar => Bilingual::fixed(
            "a tab cannot indent a continued text; use spaces",
            "续行不能用制表符缩进；请使用空格",
        ),
        ErrorKind::UnknownEscape('/') => Bilingual::fixed(
            "go-yaml does not know `\\/` in double quotes; write `/`",
            "go-yaml 不认识双引号中的 `\\/`；请写成 `/`",
        ),
        ErrorKind::UnknownEscape(char) => bilingual!(
            "`\\{char}` has no meaning in double quotes; write `\\\\{char}` or use single quotes",
            "双引号中的 `\\{char}` 没有含义；请写成 `\\\\{char}` 或改用单引号",
        ),
        ErrorKind::ExpectedHex => Bilingual::fixed(
            "hexadecimal digits must follow: two for `\\x`, four for `\\u`, eight for `\\U`",
            "后面必须是十六进制数字：`\\x` 两位，`\\u` 四位，`\\U` 八位",
        ),
        ErrorKind::InvalidEscapeCode => Bilingual::fixed(
            "this escape names no character; write the character itself, or `\\U` with its code",
            "这个转义不表示任何字符；请直接写出该字符，或用 `\\U` 加其编码",
        ),
        ErrorKind::ExpectedAnchorName => Bilingual::fixed(
            "`&` and `*` name anchors, of ASCII letters, digits, `_` and `-` only; put the value in quotes if it is text",
            "`&` 和 `*` 用于锚点，名称只能包含 ASCII 字母、数字、`_` 和 `-`；如果这是文本，请加上引号",
        ),
        ErrorKind::TextBehindBlockHeader => Bilingual::fixed(
            "nothing but a comment can follow `|` or `>` on its line",
            "`|` 或 `>` 所在行的后面只能是注释",
        ),
        ErrorKind::ZeroIndentation => Bilingual::fixed(
            "a block text cannot be indented by 0",
            "块文本的缩进不能是 0",
        ),
        ErrorKind::BadDirective(_) | ErrorKind::ExpectedDocumentStart => Bilingual::fixed(
            "a line that begins with `%` is a directive: only `%YAML 1.1` and `%TAG` are known, and `---` must follow",
            "以 `%` 开头的行是指令：只支持 `%YAML 1.1` 和 `%TAG`，并且后面必须有 `---`",
        ),
        ErrorKind::IncompatibleVersion => Bilingual::fixed(
            "ksbuilder reads YAML 1.1 only; delete this line",
            "ksbuilder 只读取 YAML 1.1；请删除这一行",
        ),
        ErrorKind::BadTag(_) | ErrorKind::UndefinedTagHandle => Bilingual::fixed(
            "`!` begins a tag, and this one is not well formed; put the value in quotes if it is text",
            "`!` 表示标签，而此标签格式不正确；如果这是文本，请加上引号",
        ),
        ErrorKind::TooDeep => Bilingual::fixed(
            "more than 10 000 levels are nested here",
            "此处嵌套超过 10 000 层",
        ),
        ErrorKind::ExpectedKey => Bilingual::fixed(
            "a key is expected here: the indentation fits no line above, or something stands behind a closed value",
            "此处应为一个键：缩进与上面各行都不对应，或者在已结束的值后面还有内容",
        ),
        ErrorKind::ExpectedDash => Bilingual::fixed(
            "`-` is expected here: the indentation is that of a list item",
            "此处应为 `-`：缩进与列表项相同",
        ),
        ErrorKind::ExpectedNode => Bilingual::fixed("a value is expected here", "此处应为一个值"),
        ErrorKind::ExpectedCommaOrBracket => Bilingual::fixed(
            "`,` or `]` is expected here; a value with `?`, `,` or brackets in it must be quoted inside `[…]`",
            "此处应为 `,` 或 `]`；`[…]` 中含有 `?`、`,` 或括号的值必须加引号",
        ),
        ErrorKind::ExpectedCommaOrBrace => Bilingual::fixed(
            "`,` or `}` is expected here; a value with `?`, `,` or brackets in it must be quoted inside `{…}`",
            "此处应为 `,` 或 `}`；`{…}` 中含有 `?`、`,` 或括号的值必须加引号",
        ),
        ErrorKind::UnknownAlias(name) => bilingual!(
            "no anchor `&{name}` stands above; put the value in quotes if it is text",
            "上文没有锚点 `&{name}`；如果这是文本，请加上引号",
        ),
        ErrorKind::AliasInItself(name) => bilingual!(
            "`*{name}` stands inside the value that it repeats",
            "`*{name}` 位于它所引用的值之内",
        ),
        ErrorKind::ExcessiveAliasing => Bilingual::fixed(
            "the aliases unfold to far more than is written here",
            "别名展开后远远超过此处所写的内容",
        ),
        ErrorKind::BadMerge => Bilingual::fixed(
            "`<<` merges a map or a list of maps, and this is neither",
            "`<<` 只能合并映射或映射的列表，而此处都不是",
        ),
        ErrorKind::CollectionAsKey => Bilingual::fixed(
            "a list or map cannot be a key; put a template such as `{{ … }}` in quotes",
            "列表或映射不能作为键；`{{ … }}` 这样的模板请加上引号",
        ),
        ErrorKind::CannotDecode { text, wanted, .. } => bilingual!(
            "`{text}` does not fit the tag `{wanted}`",
            "`{text}` 不符合标签 `{wanted}`",
        ),
        ErrorKind::BadBase64 => Bilingual::fixed(
            "the value of `!!binary` is not base64",
            "`!!binary` 的值不是 base64",
        ),
        ErrorKind::UnsupportedKey => Bilingual::fixed(
            "a key cannot be null or a number this large; put it in quotes",
            "键不能是 null 或这么大的数字；请加上引号",
        ),
    }
}

/// Why a text that was read cannot be written back, and what to do about it.
pub(in crate::rules) fn unwritable(fault: &Unwritable) -> Bilingual {
    match fault {
        Unwritable::Control(char) => {
            let code = u32::from(*char);
            bilingual!(
                "U+{code:04X} in this text can be read but not written back (`control characters are not allowed`); take it out",
                "此文本中的 U+{code:04X} 能读取但无法写回（`control characters are not allowed`）；请去掉它",
            )
        }
        Unwritable::LineBreakInKey => Bilingual::fixed(
            "U+0085 in a key can be read but not written back; take it out",
            "键中的 U+0085 能读取但无法写回；请去掉它",
        ),
        Unwritable::MarkBehindLineBreak => Bilingual::fixed(
            "`---` or `...` behind U+0085 can be read but not written back; take U+0085 out",
            "U+0085 后面的 `---` 或 `...` 能读取但无法写回；请去掉 U+0085",
        ),
        Unwritable::LongKey => Bilingual::fixed(
            "a key of more than 1022 characters can be read but not written back; choose a shorter one",
            "超过 1022 个字符的键能读取但无法写回；请换一个更短的键",
        ),
    }
}
