-- A login whose log level nobody can lower: shows that the key would be in the log.
local d = Driver
local bufnr = d.open(d.given.home .. '/demo/extension.yaml')
d.client(bufnr)
require('vim.lsp.log').set_level = function() end
vim.fn.inputsecret = function()
  return d.given.key
end
vim.cmd('KsextLogin ' .. d.given.server)
d.wait_message('logged in')
