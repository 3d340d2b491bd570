-- The program is not installed, and then it is.
local d = Driver
local right = vim.g.ksext
vim.g.ksext = { cmd = { 'no-such-ksext', 'lsp' } }
d.open(d.given.home .. '/notes.yaml')
vim.wait(100)
d.report.elsewhere = vim.deepcopy(d.messages)
local bufnr = d.open(d.given.home .. '/demo/extension.yaml')
d.report.first = d.wait_message('no-such-ksext')
d.report.told = {}
for _, command in ipairs({
  'KsextPush',
  'KsextExplain missing-icon',
  'KsextNew new',
  'KsextSandbox',
}) do
  d.messages = {}
  vim.cmd(command)
  table.insert(d.report.told, d.messages[1])
end
vim.g.ksext = { cmd = { d.given.home .. '/notes.yaml', 'lsp' } }
d.messages = {}
vim.cmd('KsextRestart')
d.report.not_executable = d.wait_message('notes.yaml')
vim.g.ksext = right
vim.cmd('KsextRestart')
d.client(bufnr)
d.report.windows = #vim.api.nvim_list_wins()
