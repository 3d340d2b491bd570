-- The program is not installed.
local d = Driver
vim.g.ksext = { cmd = { 'no-such-ksext', 'lsp' } }
d.open(d.given.home .. '/notes.yaml')
vim.wait(100)
d.report.elsewhere = vim.deepcopy(d.messages)
d.open(d.given.home .. '/demo/extension.yaml')
d.wait_message('no-such-ksext')
