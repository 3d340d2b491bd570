--- What push would publish: the files that it writes itself, as differences from the author's, and every
--- entry of the archive. And what has changed since the version that was published last.

local text = require('ksext.l10n').text
local view = require('ksext.view')

local M = {}

---@param lines ksext.Page
---@param diff string
---@param target? any
local function add_diff(lines, diff, target)
  for _, line in ipairs(vim.split(vim.trim(diff), '\n')) do
    lines[#lines + 1] = { { line }, target = target }
  end
end

--- The page of an answer of `ksext.preview`.
---@param answer table
---@param shown ksext.View
---@return ksext.Page
function M.render(answer, shown)
  local label = view.label(shown.uri)
  ---@type ksext.Page
  local lines = {
    {
      {
        '# ' .. text('preview_title', label, #answer.entries, answer.projectedText),
        'KsextTitle',
      },
    },
  }
  if (answer.errors or 0) > 0 then
    lines[#lines + 1] = { { '# ' .. text('preview_errors', answer.errors), 'KsextTooLarge' } }
  end
  for _, file in ipairs(answer.files) do
    local rewritten = { path = file.path, text = file.text }
    local title = '# ' .. text('preview_rewritten', file.path)
    vim.list_extend(lines, { '', { { title, 'KsextTitle' }, target = rewritten } })
    if file.diff == '' then
      lines[#lines + 1] = { { '# ' .. text('preview_unchanged'), 'KsextHint' }, target = rewritten }
    else
      add_diff(lines, file.diff, rewritten)
    end
  end
  vim.list_extend(lines, { '', { { '# ' .. text('preview_entries'), 'KsextTitle' } } })
  for _, entry in ipairs(answer.entries) do
    lines[#lines + 1] = {
      { ('# %9s  '):format(entry.sizeText), 'KsextNumber' },
      { entry.path, 'KsextPath' },
      target = { path = entry.path },
    }
  end
  vim.list_extend(lines, { '', view.footer('# ' .. text('preview_opens')) })
  return lines
end

--- Shows what would be published of a package, and keeps it fresh.
---@param client vim.lsp.Client
---@param uri string
function M.open(client, uri)
  view.open('preview', view.label(uri), {
    client = client,
    uri = uri,
    filetype = 'diff',
    command = 'ksext.preview',
    render = M.render,
    live = true,
    enter = function(target, shown)
      if target.text then
        local label = vim.fs.joinpath(view.label(uri), target.path)
        return view.text('published', label, 'yaml', target.text)
      end
      view.open_file(shown, target.path)
    end,
  })
end

--- The page of an answer of `ksext.diff`.
---@param answer table
---@return ksext.Page
function M.render_diff(answer)
  local against = answer.against
  local title = text('diff_title', answer.name, answer.version, against.version, against.from)
  local sizes = text('diff_size', answer.size.afterText, answer.size.beforeText)
  ---@type ksext.Page
  local lines = { { { '# ' .. title, 'KsextTitle' } }, { { '# ' .. sizes, 'KsextNumber' } } }
  for _, file in ipairs(answer.files) do
    lines[#lines + 1] = ''
    add_diff(lines, file.diff, file.path)
  end
  if #answer.entries == 0 then
    vim.list_extend(lines, { '', { { '# ' .. text('diff_none'), 'KsextHint' } } })
  else
    vim.list_extend(lines, { '', { { '# ' .. text('diff_entries'), 'KsextTitle' } } })
  end
  local signs = { added = '+', removed = '-', changed = '±' }
  for _, entry in ipairs(answer.entries) do
    local before, after = entry.beforeText, entry.afterText
    local sizes_of_entry = before and after and ('%s → %s'):format(before, after)
      or before
      or after
    lines[#lines + 1] = {
      { ('# %s '):format(signs[entry.change] or entry.change) },
      { entry.path, 'KsextPath' },
      { ('  %s'):format(sizes_of_entry or ''), 'KsextNumber' },
      target = entry.path,
    }
  end
  local same = '# ' .. text('diff_unchanged', answer.unchanged)
  vim.list_extend(lines, { { { same, 'KsextHint' } }, '', view.footer('# ' .. text('opens')) })
  return lines
end

--- Shows what has changed in a package since the version that was published.
---@param client vim.lsp.Client
---@param uri string
---@param version? string the version in the Helm repository; else the highest
function M.open_diff(client, uri, version)
  view.open('diff', view.label(uri), {
    client = client,
    uri = uri,
    filetype = 'diff',
    command = 'ksext.diff',
    argument = function()
      return { uri = uri, version = version }
    end,
    render = M.render_diff,
    enter = function(path, shown)
      view.open_file(shown, path)
    end,
  })
end

return M
