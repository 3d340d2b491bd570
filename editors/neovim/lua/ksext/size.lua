--- What the package weighs as push sends it, and what makes it so.

local text = require('ksext.l10n').text
local view = require('ksext.view')
local size = require('ksext.words').size

local M = {}

--- The most entries that are listed.
local MOST = 20

--- A size and its share as a bar.
---@param bytes integer
---@param whole integer
---@param name string
---@param target? string
---@return ksext.Line
local function weighed(bytes, whole, name, target)
  local share = whole > 0 and bytes / whole or 0
  return {
    { ('  %9s '):format(size(bytes)), 'KsextNumber' },
    { ('%4d %% '):format(math.floor(share * 100 + 0.5)) },
    { view.bar(share, 16), 'KsextBar' },
    { '  ' },
    { name, 'KsextPath' },
    target = target,
  }
end

--- The first part of each path with what lies below it, heaviest first.
---@param entries { path: string, packed: integer }[]
local function by_folder(entries)
  local sums = {}
  for _, entry in ipairs(entries) do
    local folder = entry.path:match('^(charts/[^/]+)/') or entry.path:match('^([^/]+)/') or '.'
    sums[folder] = (sums[folder] or 0) + entry.packed
  end
  local folders = vim.tbl_keys(sums)
  table.sort(folders, function(a, b)
    return sums[a] > sums[b] or sums[a] == sums[b] and a < b
  end)
  return vim.tbl_map(function(folder)
    return { path = folder == '.' and './' or folder .. '/', packed = sums[folder] }
  end, folders)
end

---@param lines ksext.Line[]
---@param title string
---@param rows ksext.Line[]
local function section(lines, title, rows)
  if #rows > 0 then
    vim.list_extend(lines, { '', { { title, 'KsextTitle' } } })
    vim.list_extend(lines, rows)
  end
end

--- The page of an answer of `ksext.size`.
---@param answer table
---@return ksext.Line[]
function M.render(answer)
  local entries = answer.entries
  table.sort(entries, function(a, b)
    return a.packed > b.packed or a.packed == b.packed and a.path < b.path
  end)
  local share = answer.projected / answer.limit
  local highlight = share > 1 and 'KsextTooLarge' or 'KsextBar'
  local lines = {
    { { answer.name or '', 'KsextTitle' } },
    {
      { text('size_of', size(answer.projected), size(answer.limit)), 'KsextNumber' },
      { '  ▕' },
      { view.bar(share, 32), highlight },
      { '▏ ' },
      { ('%d %%'):format(math.floor(share * 100 + 0.5)), highlight },
    },
  }
  local rows = vim.tbl_map(function(folder)
    return weighed(folder.packed, answer.projected, folder.path)
  end, by_folder(entries))
  section(lines, text('size_folders'), rows)

  rows = vim.tbl_map(function(entry)
    return weighed(entry.packed, answer.projected, entry.path, entry.path)
  end, vim.list_slice(entries, 1, MOST))
  if #entries > MOST then
    local rest = 0
    for index = MOST + 1, #entries do
      rest = rest + entries[index].packed
    end
    local more = text('size_more', #entries - MOST, size(rest))
    rows[#rows + 1] = { { '  ' .. more, 'KsextHint' } }
  end
  section(lines, text('size_entries'), rows)

  rows = vim.tbl_map(function(upload)
    return {
      { ('  %9s  '):format(size(upload.size)), 'KsextNumber' },
      { upload.field .. '  ' },
      { upload.path, 'KsextPath' },
      target = upload.path,
    }
  end, answer.uploads)
  section(lines, text('size_uploads'), rows)

  rows = vim.tbl_map(function(left)
    local why = ({ ['static-directory'] = 'why_static_directory', ignored = 'why_ignored' })[left.why]
    return {
      { ('  %9s  '):format(size(left.size)), 'KsextNumber' },
      { left.path, 'KsextPath' },
      { '  ' .. (why and text(why) or left.why), 'KsextHint' },
      target = left.path,
    }
  end, answer.dropped)
  section(lines, text('size_dropped'), rows)
  vim.list_extend(lines, { '', view.footer(text('opens')) })
  return lines
end

--- Shows the size of a package, and keeps it fresh.
---@param client vim.lsp.Client
---@param uri string
function M.open(client, uri)
  view.open('size', view.label(uri), {
    client = client,
    uri = uri,
    command = 'ksext.size',
    render = M.render,
    live = true,
    enter = function(path, shown)
      view.open_file(shown, path)
    end,
  })
end

return M
