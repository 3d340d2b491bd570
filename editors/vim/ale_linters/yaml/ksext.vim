" ksext, the language server of KubeSphere extensions, for ALE.

call ale#Set('yaml_ksext_executable', 'ksext')

" The package's folder. Other YAML files have none, and without one ALE starts no server.
function! ale_linters#yaml#ksext#Root(buffer) abort
    let l:path = expand('#' . a:buffer . ':p')

    return fnamemodify(l:path, ':t') is# 'extension.yaml' ? fnamemodify(l:path, ':h') : ''
endfunction

let s:options = {}

call ale#linter#Define('yaml', {
\   'name': 'ksext',
\   'lsp': 'stdio',
\   'executable': {buffer -> ale#Var(buffer, 'yaml_ksext_executable')},
\   'command': '%e lsp',
\   'project_root': function('ale_linters#yaml#ksext#Root'),
\   'initialization_options': s:options,
\})

" ALE takes bytes for columns, which is wrong behind Chinese text unless a server is told so. It has no
" setting for that; what it says to other servers stays as it is.
runtime autoload/ale/lsp/message.vim

if exists('*ale#lsp#message#Initialize') && !exists('s:Initialize')
    let s:Initialize = funcref('ale#lsp#message#Initialize')

    function! ale#lsp#message#Initialize(root, options, capabilities) abort
        let l:bytes = a:options is s:options ? {'general': {'positionEncodings': ['utf-8']}} : {}

        return s:Initialize(a:root, a:options, extend(l:bytes, a:capabilities))
    endfunction
endif
