-- The key is given to the page that the browser is sent to; then a login is given up.
local d = Driver
local bufnr = d.open(d.given.home .. '/demo/extension.yaml')
d.client(bufnr)
local shown
vim.ui.open = function(address)
  shown = address
  return {
    wait = function()
      return { code = 0 }
    end,
  }
end
local function ask_in_browser()
  shown = nil
  vim.cmd('KsextLogin! ' .. d.given.server)
  return d.wait('the page', function()
    return shown
  end)
end
d.report.shown = ask_in_browser()
local give = ("fetch('%s', { method: 'POST', body: new URLSearchParams({ key: '%s' }) })"):format(
  shown,
  d.given.key
)
vim.system({ d.given.node, '-e', give }):wait()
d.wait_message('logged in to ' .. d.given.server)
ask_in_browser()
vim.cmd('KsextCancel')
d.wait_message('cancelled')
