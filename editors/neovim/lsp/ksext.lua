-- The configuration that `vim.lsp.enable('ksext')` finds; `vim.lsp.config('ksext', {…})` lies over it.

local client = require('ksext.client')

---@type vim.lsp.Config
return {
  cmd = client.start,
  filetypes = { 'yaml', 'yaml.helm-values', 'markdown' },
  root_dir = client.root_dir,
  before_init = client.before_init,
  capabilities = client.capabilities(),
  handlers = client.handlers,
  commands = client.commands(),
  settings = { ksext = require('ksext.config').get().settings },
}
