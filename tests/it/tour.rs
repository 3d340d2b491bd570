//! `ksext tour`: the main job from end to end, without a network.

use ksext_test_support::Ksext;

#[test]
fn the_tour_goes_from_mistakes_to_an_approved_version() {
    for (lang, titles) in [
        (
            "en",
            [
                "1. An example package with three mistakes",
                "2. The same package in an editor",
                "3. Quick fixes",
                "4. Log in",
                "5. Push",
                "6. Review status",
                "7. The reviewer approves",
            ],
        ),
        (
            "zh",
            [
                "1. 一个带有三处错误的示例扩展组件包",
                "2. 在编辑器中打开同一个扩展组件包",
                "3. 快速修复",
                "4. 登录",
                "5. 推送",
                "6. 审核状态",
                "7. 审核人员批准",
            ],
        ),
    ] {
        let ksext = Ksext::new(env!("CARGO_BIN_EXE_ksext"));
        let output = ksext.clone().args(["tour", "--lang", lang]).run();
        assert_eq!(output.code, Some(0), "{output}");
        let mut rest = output.stdout.as_str();
        for title in titles {
            let (_, behind) = rest.split_once(title).unwrap_or_else(|| {
                panic!("no `{title}` where it is due: {output}");
            });
            rest = behind;
        }
        assert!(rest.contains("\"status\":\"active\""), "{output}");
        // The user's own login is left alone.
        assert!(!ksext.home().join(".ksbuilder").exists());
    }
}
