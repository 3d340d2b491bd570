--- What is known of the package of a buffer, for the status line: version, review, size.

local M = {}

--- The newest answers of `ksext/packageStatus`, by buffer.
---@type table<integer, table>
local known = {}

vim.api.nvim_create_autocmd('LspDetach', {
  group = vim.api.nvim_create_augroup('ksext.status', {}),
  desc = 'ksext: nothing is known of a buffer that no server looks at',
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if not client or client.name == 'ksext' then
      known[event.buf] = nil
    end
  end,
})

--- Has the status line drawn anew.
function M.changed()
  vim.cmd.redrawstatus({ bang = true })
end

--- Asks about the package of a buffer.
---@param client vim.lsp.Client
---@param bufnr integer
function M.refresh(client, bufnr)
  local params = { uri = vim.uri_from_bufnr(bufnr) }
  client:request('ksext/packageStatus', params, function(failure, answer)
    if not vim.api.nvim_buf_is_valid(bufnr) then
      return
    end
    known[bufnr] = not failure and require('ksext.run').without_null(answer) or nil
    M.changed()
  end, bufnr)
end

--- Asks about the packages of all buffers of a client.
---@param client_id integer
function M.refresh_all(client_id)
  local client = vim.lsp.get_client_by_id(client_id)
  for bufnr in pairs(client and client.attached_buffers or {}) do
    M.refresh(client --[[@as vim.lsp.Client]], bufnr)
  end
  vim.api.nvim_exec_autocmds('User', { pattern = 'KsextStatus', modeline = false })
end

--- What was answered last about the package of a buffer; nil if nothing is known.
---@param bufnr? integer
---@return table?
function M.of(bufnr)
  return known[(bufnr or 0) == 0 and vim.api.nvim_get_current_buf() or bufnr]
end

--- The package of a buffer in a few words, such as `1.1.0 submitted 2 h ago · 33.8 KB`; a command that
--- runs in place of the review. Empty in buffers of no package.
---@param bufnr? integer
---@return string
function M.text(bufnr)
  local status = M.of(bufnr)
  if not status then
    return ''
  end
  local parts = {}
  local progress = require('ksext.run').progress()
  local review = status.review and status.review.text
  local standing = progress or vim.trim(('%s %s'):format(status.version or '', review or ''))
  if standing ~= '' then
    parts[1] = standing
  end
  if status.size then
    parts[#parts + 1] = status.size.tooLarge and status.size.text or status.size.projectedText
  end
  return table.concat(parts, ' · ')
end

return M
