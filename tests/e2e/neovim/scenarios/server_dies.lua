-- The server ends in the middle of a push.
local d = Driver
local bufnr = d.open(d.given.home .. '/demo/extension.yaml')
local client = d.client(bufnr)
d.choose('Push')
vim.cmd('KsextPush')
d.wait('the upload', function()
  return require('ksext').status(bufnr):find('60 %', 1, true)
end)
client:stop(true)
d.wait('an empty status line', function()
  return require('ksext').status(bufnr) == ''
end)
vim.cmd('KsextCancel')
vim.cmd('KsextSize')
d.report.size = d.wait_message('does not run')
vim.cmd('KsextRestart')
d.client(bufnr)
