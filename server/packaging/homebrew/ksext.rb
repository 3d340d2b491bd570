# frozen_string_literal: true

class Ksext < Formula
  desc "Language server and command-line tool for authors of KubeSphere extensions"
  homepage "@REPOSITORY@"
  version "@VERSION@"
  license "Apache-2.0"

@ARCHIVES@

  def install
    bin.install "ksext"
    man1.install "man/ksext.1"
    bash_completion.install "completions/ksext.bash" => "ksext"
    zsh_completion.install "completions/_ksext"
    fish_completion.install "completions/ksext.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/ksext --version")
    system bin/"ksext", "new", "demo"
    system bin/"ksext", "check", "demo"
  end
end
