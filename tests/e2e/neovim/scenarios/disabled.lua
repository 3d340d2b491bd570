-- A user who starts language servers by hand.
local d = Driver
local options = vim.g.ksext
options.enable = false
vim.g.ksext = options
local bufnr = d.open(d.given.home .. '/demo/extension.yaml')
vim.wait(200)
d.report.before = #vim.lsp.get_clients({ name = 'ksext' })
vim.lsp.enable('ksext')
d.client(bufnr)
d.report.after = #vim.lsp.get_clients({ name = 'ksext' })
