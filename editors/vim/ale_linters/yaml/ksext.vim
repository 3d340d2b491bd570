" ksext, the language server of KubeSphere extensions, for ALE.

call ale#Set('yaml_ksext_executable', 'ksext')

" The package's folder. Other YAML files have none, and without one ALE starts no server.
function! ale_linters#yaml#ksext#Root(buffer) abort
    let l:path = expand('#' . a:buffer . ':p')

    return fnamemodify(l:path, ':t') is# 'extension.yaml' ? fnamemodify(l:path, ':h') : ''
endfunction

" ALE takes bytes for columns and does not say so.
call ale#linter#Define('yaml', {
\   'name': 'ksext',
\   'lsp': 'stdio',
\   'executable': {buffer -> ale#Var(buffer, 'yaml_ksext_executable')},
\   'command': '%e lsp --position-encoding utf-8',
\   'project_root': function('ale_linters#yaml#ksext#Root'),
\})
