-- Waits for a file of a package; nothing else is loaded before there is one.

if vim.g.loaded_ksext or vim.fn.has('nvim-0.11') == 0 then
  return
end
vim.g.loaded_ksext = true

local group = vim.api.nvim_create_augroup('ksext', {})

-- `vim.lsp` is loaded by the first file that may be ours, not by the start of Neovim.
vim.api.nvim_create_autocmd('FileType', {
  group = group,
  pattern = { 'yaml', 'yaml.*', 'markdown' },
  desc = 'ksext: enable the language server in packages of KubeSphere extensions',
  callback = function(event)
    local has_name = vim.api.nvim_buf_get_name(event.buf) ~= ''
    local names = has_name and require('ksext.names')
    local concerns = names and names.concerns(names.path_of(event.buf))
    if not concerns or require('ksext.manifest').recognize_buffer(event.buf) == 'foreign' then
      return
    end
    vim.api.nvim_del_autocmd(event.id)
    if not require('ksext.config').get().enable then
      return
    end
    if vim.v.vim_did_enter == 1 then
      return vim.lsp.enable('ksext')
    end
    -- Only then does it look at buffers that are there already, such as files of the command line.
    vim.api.nvim_create_autocmd('VimEnter', {
      group = group,
      once = true,
      callback = function()
        vim.lsp.enable('ksext')
      end,
    })
  end,
})

vim.api.nvim_create_autocmd('LspAttach', {
  group = group,
  desc = 'ksext: commands, lenses and hints of a buffer',
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'ksext' then
      require('ksext.buffer').attach(client, event.buf)
    end
  end,
})

-- What makes sense outside of packages; the rest comes with a package's buffer.
for _, name in ipairs({ 'KsextNew', 'KsextSandbox', 'KsextExplain', 'KsextLog' }) do
  vim.api.nvim_create_user_command(name, function(call)
    require('ksext.commands').run(name, call)
  end, {
    nargs = '*',
    complete = function(...)
      return require('ksext.commands').complete(name, ...)
    end,
  })
end

-- A plugin manager may load this after the files that it is for.
if vim.v.vim_did_enter == 1 then
  vim.cmd('silent doautoall <nomodeline> ksext FileType')
end
