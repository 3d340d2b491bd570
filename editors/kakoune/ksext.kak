# KubeSphere extensions, by kakoune-lsp. Source it after `eval %sh{kak-lsp}`.

# Only for the manifest; other YAML keeps the server that it has.
hook -group ksext global BufSetOption filetype=yaml %{
    evaluate-commands %sh{
        [ "${kak_buffile##*/}" = extension.yaml ] || exit
        printf '%s' 'set-option buffer lsp_servers %{
            [ksext]
            root_globs = ["extension.yaml"]
            command = "ksext"
            args = ["lsp"]
        }'
    }
}

# The server tells the outcome by a message, however long it takes.
define-command -hidden -params 1..2 ksext-run %{
    lsp-execute-command %arg{1} %sh{
        path=$(printf %s "$kak_buffile" | od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g; s|%2f|/|g')
        printf '[{"uri": "file://%s"%s, "background": true}]' "$path" "$2"
    }
}

define-command ksext-login -docstring 'log in to KubeSphere Cloud; the API key is not shown' %{
    prompt -password 'API key: ' %{
        info -title ksext -- %sh{
            printf '%s\n' "$kak_text" | ksext login --token-stdin 2>&1
        }
    }
}

# Shows the question that comes before anything is sent as soon as it is there.
define-command -hidden -params 0..1 ksext-push-asking %{
    remove-hooks global ksext-question
    hook -once -group ksext-question global GlobalSetOption lsp_modeline_message_requests=.+ "
        evaluate-commands -client %val{client} lsp-show-message-request-next
    "
    ksext-run ksext.push %arg{@}
}

define-command ksext-push -docstring 'check the package, upload it and submit it for review, after a question' %{
    ksext-push-asking
}

define-command ksext-push-draft -docstring 'the same, without submitting it' %{
    ksext-push-asking ', "submit": false'
}

define-command ksext-status -docstring 'tell where this extension stands in the review' %{
    ksext-run ksext.status
}

define-command ksext-submit -docstring 'hand the draft of this version to the reviewers' %{
    ksext-run ksext.submit
}

define-command ksext-unpush -docstring 'take this version back from the review' %{
    ksext-run ksext.unpush
}

define-command ksext-size -docstring 'tell what the package weighs as push sends it' %{
    ksext-run ksext.size
}

define-command ksext-package -docstring 'write the archive that `ksbuilder package` writes' %{
    ksext-run ksext.package
}

define-command ksext-diff -docstring 'tell what has changed since the published version' %{
    ksext-run ksext.diff
}

define-command ksext-fix-all -docstring 'make all safe fixes; meant for a BufWritePre hook too' %{
    try %{ lsp-code-actions-sync source.fixAll.ksext }
}
