--- ksext for Neovim: packages of KubeSphere extensions, from the first finding to the review.
---
--- Nothing needs to be set up. What other plugins and a user's configuration may call stands here.

local M = {}

--- The package of a buffer in a few words for the status line, such as
--- `1.1.0 submitted 2 h ago · 33.8 KB`; empty in buffers of no package.
---@param bufnr? integer the current one if there is none
---@return string
function M.status(bufnr)
  return package.loaded['ksext.status'] and require('ksext.status').text(bufnr) or ''
end

--- What the language server knows of the package of a buffer: its findings, size and review.
---@param bufnr? integer the current one if there is none
---@return table? status as `ksext/packageStatus` answers; nil in buffers of no package
function M.package_status(bufnr)
  return package.loaded['ksext.status'] and require('ksext.status').of(bufnr) or nil
end

--- Makes all safe fixes in a buffer; the option `fix_on_save` does so before it is written.
---@param bufnr? integer the current one if there is none
function M.fix_all(bufnr)
  require('ksext.fixes').fix_all(bufnr)
end

return M
