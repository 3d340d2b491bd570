//! THE list of systems that ksext is published for; everything that is packed is made from it.

use std::env;

/// A system and a processor, and what each way of distribution calls them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// Rust's name, which the archive bears too.
    pub(crate) triple: &'static str,
    /// What its program is linked with.
    pub(crate) linker: Linker,
    /// The values of Node's `process.platform` and `process.arch`.
    pub(crate) node: (&'static str, &'static str),
    /// The platform tags of a wheel. The program for Linux is static, so it runs wherever a wheel for glibc or
    /// musl does; those for macOS name the oldest system that Rust builds for.
    pub(crate) wheel: &'static str,
    /// The platforms of VS Code.
    pub(crate) vscode: &'static [&'static str],
    /// The target of mason's registry.
    pub(crate) mason: &'static str,
}

/// Where a target can be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Linker {
    /// On Linux and macOS, whatever the processor: zig has the C compiler and the libraries of the system.
    Zig,
    /// On macOS: Apple's frameworks may not be passed on.
    Apple,
}

/// Every target.
pub(crate) static TARGETS: [Target; 5] = [
    Target {
        triple: "x86_64-unknown-linux-musl",
        linker: Linker::Zig,
        node: ("linux", "x64"),
        wheel: "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64",
        vscode: &["linux-x64", "alpine-x64"],
        mason: "linux_x64",
    },
    Target {
        triple: "aarch64-unknown-linux-musl",
        linker: Linker::Zig,
        node: ("linux", "arm64"),
        wheel: "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
        vscode: &["linux-arm64", "alpine-arm64"],
        mason: "linux_arm64",
    },
    Target {
        triple: "x86_64-apple-darwin",
        linker: Linker::Apple,
        node: ("darwin", "x64"),
        wheel: "macosx_10_12_x86_64",
        vscode: &["darwin-x64"],
        mason: "darwin_x64",
    },
    Target {
        triple: "aarch64-apple-darwin",
        linker: Linker::Apple,
        node: ("darwin", "arm64"),
        wheel: "macosx_11_0_arm64",
        vscode: &["darwin-arm64"],
        mason: "darwin_arm64",
    },
    Target {
        triple: "x86_64-pc-windows-gnu",
        linker: Linker::Zig,
        node: ("win32", "x64"),
        wheel: "win_amd64",
        vscode: &["win32-x64"],
        mason: "win_x64",
    },
];

/// The system that this runs on and its processor, as Node names them and others after it.
pub(crate) fn this_system() -> (&'static str, &'static str) {
    let system = match env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let processor = match env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    (system, processor)
}

impl Target {
    /// The target of this name.
    pub(crate) fn named(triple: &str) -> Option<&'static Self> {
        TARGETS.iter().find(|target| target.triple == triple)
    }

    /// The one for the system that this runs on.
    pub(crate) fn host() -> Option<&'static Self> {
        let names = this_system();
        TARGETS.iter().find(|target| target.node == names)
    }

    pub(crate) fn is_windows(&self) -> bool {
        self.node.0 == "win32"
    }

    /// The file name of the program.
    pub(crate) fn program(&self) -> &'static str {
        match self.is_windows() {
            true => "ksext.exe",
            false => "ksext",
        }
    }

    /// The name of the archive and of the folder in it.
    pub(crate) fn stem(&self) -> String {
        format!("ksext-{}", self.triple)
    }

    /// The file name of the archive.
    pub(crate) fn archive(&self) -> String {
        let ending = match self.is_windows() {
            true => "zip",
            false => "tar.gz",
        };
        format!("{}.{ending}", self.stem())
    }

    /// The name of its npm package, without the scope.
    pub(crate) fn npm(&self) -> String {
        format!("{}-{}", self.node.0, self.node.1)
    }

    /// Why it cannot be built on this system, if it cannot.
    pub(crate) fn obstacle(&self) -> Option<&'static str> {
        match (self.linker, env::consts::OS) {
            (Linker::Zig, "linux" | "macos") | (Linker::Apple, "macos") => None,
            (Linker::Zig, _) => Some("needs Linux or macOS"),
            (Linker::Apple, _) => Some(
                "needs macOS: Apple's frameworks, which it is linked with, come with its SDK alone",
            ),
        }
    }
}
