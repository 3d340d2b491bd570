-- The buffers that show something of a package.
local d = Driver
local folder = d.given.home .. '/demo'
local bufnr = d.open(folder .. '/extension.yaml')
d.client(bufnr)
local function press(keys)
  vim.api.nvim_feedkeys(vim.keycode(keys), 'xt', false)
end

vim.cmd('KsextPreview')
d.report.preview = d.wait_line('entries of the archive')
d.report.preview_filetype = vim.bo.filetype
vim.fn.search('extension.yaml, as push')
press('<CR>')
d.report.published = { name = vim.api.nvim_buf_get_name(0), text = table.concat(d.lines(), '\n') }
press('q')

-- It follows what is typed.
vim.fn.win_gotoid(vim.fn.bufwinid('^ksext://preview/demo$'))
local preview = vim.api.nvim_get_current_buf()
vim.api.nvim_buf_call(bufnr, function()
  vim.cmd([[%s/^version: .*/version: 0.2.0/]])
  vim.api.nvim_exec_autocmds('TextChanged', { buffer = bufnr })
end)
d.wait_line('+version: 0.2.0')
d.report.modifiable = vim.bo[preview].modifiable
press('q')
d.report.closed = not vim.api.nvim_buf_is_valid(preview)

vim.cmd('KsextMarketplace')
d.report.marketplace = d.wait_line('示例扩展组件')
d.report.marketplace_filetype = vim.bo.filetype
vim.api.nvim_buf_call(bufnr, function()
  vim.cmd([[%s/示例扩展组件/观测/]])
  vim.api.nvim_exec_autocmds('TextChangedI', { buffer = bufnr })
end)
d.wait_line('# 观测')
press('q')

vim.cmd('edit! ' .. folder .. '/extension.yaml')
vim.cmd('KsextExplain missing-icon')
d.report.rule = d.wait_line('## Why')
d.report.rules = vim.fn.getcompletion('KsextExplain missing-', 'cmdline')
press('q')

vim.cmd('KsextPackage ' .. d.given.home)
d.report.packed = d.wait_message('demo-0.1.0.tgz')
vim.cmd('KsextNew new ' .. d.given.home)
d.wait('the new manifest', function()
  return vim.api.nvim_buf_get_name(0) == d.given.home .. '/new/extension.yaml'
end)
d.client(vim.api.nvim_get_current_buf())

local commands = vim.tbl_keys(vim.api.nvim_buf_get_commands(0, {}))
table.sort(commands)
d.report.commands = commands
