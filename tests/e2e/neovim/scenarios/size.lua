-- A file that is too big comes and goes, while the size is looked at.
local d = Driver
local folder = d.given.home .. '/demo'
local bufnr = d.open(folder .. '/extension.yaml')
d.client(bufnr)
local function too_large()
  return vim.iter(d.findings(bufnr)):find(function(finding)
    return finding.rule == 'package-too-large'
  end)
end
vim.cmd('KsextSize')
d.report.before = d.wait_line('By folder')

-- Random bytes, which cannot be packed any smaller.
local file = assert(io.open(folder .. '/大.bin', 'w'))
file:write(assert(vim.uv.random(2 * 1024 * 1024)))
file:close()
d.report.finding = d.wait('the error', too_large)
d.report.after = d.wait_line('大.bin')
d.report.status = d.wait('the size in the status line', function()
  local status = require('ksext').status(bufnr)
  return status:find('MB of 1.0 MB', 1, true) and status
end)
local highlights = vim.api.nvim_buf_get_extmarks(0, -1, 0, -1, { details = true })
d.report.highlights = vim.tbl_map(function(mark)
  return mark[4].hl_group
end, highlights)

-- <CR> opens what weighs most beside it.
vim.fn.search('README.md')
vim.api.nvim_feedkeys(vim.keycode('<CR>'), 'xt', false)
d.report.opened = vim.api.nvim_buf_get_name(0)

assert(os.remove(folder .. '/大.bin'))
d.wait('no error', function()
  return not too_large()
end)
