-- A push that takes long is stopped.
local d = Driver
local bufnr = d.open(d.given.home .. '/demo/extension.yaml')
d.client(bufnr)
vim.cmd('KsextCancel')
d.wait_message('no command is running')
d.choose('Push')
vim.cmd('KsextPush')
d.report.running = d.wait('the upload', function()
  local status = require('ksext').status(bufnr)
  return status:find('Push to KubeSphere Cloud 60 %', 1, true) and status
end)
vim.cmd('KsextCancel')
d.report.cancelled = d.wait_message('cancelled')
d.report.after = require('ksext').status(bufnr)
