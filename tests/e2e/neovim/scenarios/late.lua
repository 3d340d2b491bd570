-- The plugin is loaded after the files that it is for, as plugin managers do.
local d = Driver
vim.api.nvim_del_augroup_by_name('ksext')
d.open(d.given.home .. '/demo/values.yaml')
local bufnr = d.open(d.given.home .. '/demo/extension.yaml')
vim.cmd.enew()
vim.g.loaded_ksext = nil
vim.cmd.runtime('plugin/ksext.lua')
d.report.attached = vim.tbl_count(d.client(bufnr).attached_buffers)
