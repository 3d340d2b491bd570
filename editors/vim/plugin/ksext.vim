" :Ksext push runs `ksext push` on the package of this buffer, in a window of its own: there it can ask
" for the key without showing it, and before it sends anything.

if exists('g:loaded_ksext') || !exists('*term_start')
    finish
endif

let g:loaded_ksext = 1

let s:words = [
\   'check', 'diff', 'doctor', 'get', 'list', 'login', 'logout', 'package', 'preview', 'push', 'size',
\   'submit', 'unpush', 'watch', 'whoami',
\]

function! s:complete(start, line, cursor) abort
    return join(s:words, "\n")
endfunction

" What reads the package as it is on the disk.
let s:reading = ['check', 'diff', 'package', 'preview', 'push', 'size']

function! s:refuse(en, zh) abort
    echohl ErrorMsg
    echomsg 'ksext: ' . (v:lang =~? '^zh' ? a:zh : a:en)
    echohl None
endfunction

function! s:run(...) abort
    let l:program = get(g:, 'ale_yaml_ksext_executable', 'ksext')
    if !executable(l:program)
        return s:refuse(
\           'there is no program `' . l:program . '`; install it, or set g:ale_yaml_ksext_executable',
\           '找不到程序 `' . l:program . '`；请安装，或设置 g:ale_yaml_ksext_executable')
    endif
    if &modified && &buftype is# '' && index(s:reading, a:1) >= 0
        return s:refuse(
\           'this buffer holds unsaved changes; save them first',
\           '此缓冲区有未保存的更改；请先保存')
    endif
    " In the window of another run, its package is meant.
    let l:folder = get(b:, 'ksext_folder', expand('%:p:h'))
    call term_start([l:program] + a:000, {'cwd': l:folder, 'term_name': 'ksext ' . join(a:000)})
    let b:ksext_folder = l:folder
endfunction

command! -nargs=+ -complete=custom,s:complete Ksext call s:run(<f-args>)
