-- What has changed since the version that was published.
local d = Driver
local bufnr = d.open(d.given.home .. '/demo/extension.yaml')
d.client(bufnr)
vim.cmd('KsextDiff')
d.report.diff = d.wait_line('are the same')
