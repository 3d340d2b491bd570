--- What a buffer of a package gets: commands, lenses, inlay hints, its status.

local config = require('ksext.config')

local M = {}

--- How long a text must rest before its lenses are asked for, in milliseconds; Neovim 0.11 alone.
local PAUSE = 300

--- Asks for the lenses of all buffers of a client; Neovim 0.12 does so by itself.
---@param client vim.lsp.Client
function M.refresh_lenses(client)
  if vim.lsp.codelens.enable or not config.get().lenses then
    return
  end
  for bufnr in pairs(client.attached_buffers) do
    vim.lsp.codelens.refresh({ bufnr = bufnr })
  end
end

---@param bufnr integer
local function show_lenses(bufnr)
  if vim.lsp.codelens.enable then
    return vim.lsp.codelens.enable(true, { bufnr = bufnr })
  end
  local timer = assert(vim.uv.new_timer())
  vim.api.nvim_create_autocmd({ 'BufEnter', 'TextChanged', 'InsertLeave' }, {
    group = vim.api.nvim_create_augroup('ksext.lenses.' .. bufnr, {}),
    buffer = bufnr,
    desc = 'ksext: ask for the lenses again',
    callback = function()
      timer:start(
        PAUSE,
        0,
        vim.schedule_wrap(function()
          if vim.api.nvim_buf_is_loaded(bufnr) then
            vim.lsp.codelens.refresh({ bufnr = bufnr })
          end
        end)
      )
    end,
  })
  vim.lsp.codelens.refresh({ bufnr = bufnr })
end

--- Sets a buffer up whose client has just come.
---@param client vim.lsp.Client
---@param bufnr integer
function M.attach(client, bufnr)
  require('ksext.commands').define(bufnr)
  local options = config.get()
  if options.lenses and client:supports_method('textDocument/codeLens') then
    show_lenses(bufnr)
  end
  if options.inlay_hints and client:supports_method('textDocument/inlayHint') then
    vim.lsp.inlay_hint.enable(true, { bufnr = bufnr })
  end
  if options.fix_on_save then
    vim.api.nvim_create_autocmd('BufWritePre', {
      group = vim.api.nvim_create_augroup('ksext.fixes.' .. bufnr, {}),
      buffer = bufnr,
      desc = 'ksext: make all safe fixes',
      callback = function()
        require('ksext.fixes').fix_all(bufnr)
      end,
    })
  end
  require('ksext.status').refresh(client, bufnr)
end

return M
