-- The server is started anew, with the options as they are by then.
local d = Driver
local bufnr = d.open(d.given.home .. '/demo/extension.yaml')
local first = d.client(bufnr)
local function lens(title)
  d.wait(('the lens `%s`'):format(title), function()
    return vim.list_contains(d.lenses(bufnr), title)
  end)
end
lens('Push demo 0.1.0')
local options = vim.g.ksext
options.lang = 'zh'
vim.g.ksext = options
vim.cmd('KsextRestart')
d.wait('another server', function()
  local client = vim.lsp.get_clients({ name = 'ksext', bufnr = bufnr })[1]
  return client and client.id ~= first.id and client.initialized
end)
lens('推送 demo 0.1.0')
d.report.stopped = first:is_stopped()
