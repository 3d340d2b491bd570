-- The key is asked for in the browser, and the login is given up.
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
vim.cmd('KsextLogin! ' .. d.given.server)
d.report.shown = d.wait('the page', function()
  return shown
end)
vim.cmd('KsextCancel')
d.wait_message('cancelled')
