//! A [`Problem`] in words, for where no rule tells it.

use super::fs::LookupError;
use super::ignore::IgnoreErrorKind;
use super::path::PkgPath;
use super::problem::{Problem, ProblemKind, Wanted};
use super::validate::MetadataFault;
use crate::bilingual;
use crate::lang::Bilingual;
use crate::manifest::FILE_NAME;

impl Problem {
    /// What is wrong with which file, as a clause: "`charts/web` has no Chart.yaml".
    pub fn words(&self) -> Bilingual {
        // What is wrong with the Chart.yaml that push writes stands in the manifest.
        let generated = matches!(self.kind, ProblemKind::Metadata(_)) && self.is_about_manifest();
        let path = if generated {
            PkgPath::from(FILE_NAME)
        } else {
            self.path.clone()
        };
        let what = what(&self.kind);
        let (en, zh) = (&what.en, &what.zh);
        bilingual!("`{path}` {en}", "`{path}` {zh}")
    }

    /// Whether it is about the chart that push makes of the manifest, so that a rule may have told
    /// its cause.
    pub fn is_about_manifest(&self) -> bool {
        self.path == PkgPath::from("Chart.yaml")
    }
}

fn what(kind: &ProblemKind) -> Bilingual {
    match kind {
        ProblemKind::Unreadable(_) => Bilingual::fixed("cannot be read", "无法读取"),
        ProblemKind::Link(LookupError::Escapes { .. }) => Bilingual::fixed(
            "is a link that leads out of the package",
            "是指向扩展组件包之外的链接",
        ),
        ProblemKind::Link(_) => Bilingual::fixed("is a link that leads nowhere", "是失效的链接"),
        ProblemKind::Irregular => Bilingual::fixed("is not a regular file", "不是普通文件"),
        ProblemKind::FileTooLarge { len } => bilingual!(
            "has {len} bytes, and Helm takes 5 242 880 at most",
            "有 {len} 字节，而 Helm 最多接受 5 242 880 字节",
        ),
        ProblemKind::TooManyEntries => Bilingual::fixed("holds too many entries", "包含的条目过多"),
        ProblemKind::PathTooLong => Bilingual::fixed("has a path that is too long", "的路径过长"),
        ProblemKind::Ignore(IgnoreErrorKind::DoubleStar) => {
            Bilingual::fixed("uses `**`, which Helm refuses", "使用了 Helm 不接受的 `**`")
        }
        ProblemKind::Ignore(_) => {
            Bilingual::fixed("has a line that Helm cannot read", "中有 Helm 无法读取的行")
        }
        ProblemKind::ChartIgnored(_) => Bilingual::fixed(
            "hides Chart.yaml, which Helm needs",
            "隐藏了 Helm 需要的 Chart.yaml",
        ),
        ProblemKind::ManifestIgnored(_) => Bilingual::fixed(
            "hides extension.yaml: the package would leave without it",
            "隐藏了 extension.yaml：发送的安装包中将没有它",
        ),
        ProblemKind::ChartMissing { stray_file: true } => Bilingual::fixed(
            "is a file directly under `charts/`, where Helm expects charts",
            "是 `charts/` 下的文件，而 Helm 期望那里只有 chart",
        ),
        ProblemKind::ChartMissing { stray_file: false } => {
            Bilingual::fixed("has no Chart.yaml", "没有 Chart.yaml")
        }
        ProblemKind::Syntax(_) => {
            Bilingual::fixed("is not YAML that Helm can read", "不是 Helm 能读取的 YAML")
        }
        ProblemKind::WrongType(wanted) => {
            let (en, zh) = match wanted {
                Wanted::Text => ("a text", "文本"),
                Wanted::Bool => ("`true` or `false`", "`true` 或 `false`"),
                Wanted::Time => ("a time", "时间"),
                Wanted::List => ("a list", "列表"),
                Wanted::Map => ("a map", "映射"),
            };
            bilingual!(
                "has another value where {en} is needed",
                "中某处需要{zh}，却是其他类型的值"
            )
        }
        ProblemKind::NotFinite => Bilingual::fixed(
            "has a number that JSON cannot hold",
            "中有 JSON 无法表示的数字",
        ),
        ProblemKind::Metadata(fault) => metadata(fault),
        ProblemKind::SchemaNotJson => Bilingual::fixed("is not JSON", "不是 JSON"),
        ProblemKind::Unpack(_) => Bilingual::fixed(
            "is a packed chart that Helm refuses",
            "是 Helm 拒绝的打包 chart",
        ),
        ProblemKind::PackedChartIsDirectory => Bilingual::fixed(
            "is a folder that is called like a packed chart",
            "是名称像打包 chart 的文件夹",
        ),
        ProblemKind::TooDeep => {
            Bilingual::fixed("lies in too many charts", "嵌套的 chart 层数过多")
        }
        ProblemKind::UnpackedTooLarge => {
            Bilingual::fixed("unpacks to too many bytes", "解压后过大")
        }
        ProblemKind::StaticDirectoryIsPackage => Bilingual::fixed(
            "names the whole package as `staticFileDirectory`, which push deletes",
            "把整个扩展组件包声明为 `staticFileDirectory`，推送会将其删除",
        ),
        ProblemKind::StaticDirectoryEscapes => Bilingual::fixed(
            "names a `staticFileDirectory` outside of the package, which push would delete",
            "声明的 `staticFileDirectory` 位于扩展组件包之外，推送会删除那里的内容",
        ),
        ProblemKind::StaticDirectoryBelowFile => Bilingual::fixed(
            "names a `staticFileDirectory` below a file",
            "声明的 `staticFileDirectory` 位于某个文件之下",
        ),
        ProblemKind::WrittenThroughLink(_) => Bilingual::fixed(
            "is a link that leads out of the package, and push would write through it",
            "是指向扩展组件包之外的链接，推送会写入链接的目标",
        ),
    }
}

fn metadata(fault: &MetadataFault) -> Bilingual {
    match fault {
        MetadataFault::NameMissing => Bilingual::fixed("has no name", "没有名称"),
        MetadataFault::NameInvalid(name) => bilingual!(
            "has the name `{name}`, and a chart's name cannot hold `/`",
            "的名称为 `{name}`，而 chart 的名称不能包含 `/`",
        ),
        MetadataFault::VersionMissing => Bilingual::fixed("has no version", "没有版本"),
        MetadataFault::VersionInvalid(version) => bilingual!(
            "has the version `{version}`, which is not a semantic version",
            "的版本为 `{version}`，不是语义化版本",
        ),
        MetadataFault::TypeInvalid(kind) => bilingual!(
            "has the type `{kind}`, and only `application` and `library` exist",
            "的类型为 `{kind}`，而类型只有 `application` 和 `library`",
        ),
        MetadataFault::NullMaintainer => Bilingual::fixed(
            "has an empty item among its maintainers",
            "的维护者中有空项",
        ),
        MetadataFault::NullDependency => {
            Bilingual::fixed("has an empty item among its dependencies", "的依赖中有空项")
        }
        MetadataFault::AliasInvalid(name) => bilingual!(
            "has a dependency `{name}` whose alias holds other characters than ASCII letters, digits, `_` and `-`",
            "的依赖 `{name}` 的别名含有 ASCII 字母、数字、`_` 和 `-` 之外的字符",
        ),
        MetadataFault::DuplicateDependency(name) => bilingual!(
            "has more than one dependency with the name or alias `{name}`",
            "有多个名称或别名为 `{name}` 的依赖",
        ),
    }
}
