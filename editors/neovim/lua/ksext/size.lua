--- What the package weighs as push sends it, and what makes it so.

local text = require('ksext.l10n').text
local view = require('ksext.view')

local M = {}

--- The most entries that are listed.
local MOST = 20

--- The highlight groups of what notes are for.
local NOTES = { error = 'KsextRejected', warning = 'KsextTooLarge', tip = 'KsextHint' }

--- A size and its share as a bar.
---@param bytes integer
---@param size string the same in words
---@param whole integer
---@param name string
---@param target? string
---@return ksext.Line
local function weighed(bytes, size, whole, name, target)
  local share = whole > 0 and bytes / whole or 0
  return {
    { ('  %9s '):format(size), 'KsextNumber' },
    { ('%4d %% '):format(math.floor(share * 100 + 0.5)) },
    { view.bar(share, 16), 'KsextBar' },
    { '  ' },
    { name, 'KsextPath' },
    target = target,
  }
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

--- What the program calls the parts of its report.
---@param drawing table
---@return table<string, string>
local function titles(drawing)
  local names = {}
  for _, part in ipairs(drawing.views) do
    names[part.id] = part.name
  end
  return names
end

--- The page of an answer of `ksext.size`.
---@param answer table
---@return ksext.Line[]
function M.render(answer)
  local entries, drawing = answer.entries, answer.drawing
  table.sort(entries, function(a, b)
    return a.packed > b.packed or a.packed == b.packed and a.path < b.path
  end)
  local share = answer.projected / answer.limit
  local highlight = share > 1 and 'KsextTooLarge' or 'KsextBar'
  local lines = {
    { { drawing.title, 'KsextTitle' } },
    { { drawing.summary, 'KsextNumber' } },
    { { '▕' }, { view.bar(share, 32), highlight }, { '▏ ' }, { drawing.content } },
  }
  for _, note in ipairs(drawing.notes) do
    lines[#lines + 1] = { { note.text, NOTES[note.tone] } }
  end
  local rows = vim.tbl_map(function(folder)
    return weighed(folder.packed, folder.packedText, answer.projected, folder.path)
  end, answer.folders)
  section(lines, text('size_folders'), rows)

  rows = vim.tbl_map(function(entry)
    return weighed(entry.packed, entry.packedText, answer.projected, entry.path, entry.path)
  end, vim.list_slice(entries, 1, MOST))
  if #entries > MOST then
    rows[#rows + 1] = { { '  ' .. text('size_more', #entries - MOST), 'KsextHint' } }
  end
  section(lines, text('size_entries'), rows)

  local names = titles(drawing)
  rows = vim.tbl_map(function(upload)
    return {
      { ('  %9s  '):format(upload.sizeText), 'KsextNumber' },
      { upload.field .. '  ' },
      { upload.path, 'KsextPath' },
      target = upload.path,
    }
  end, answer.uploads)
  section(lines, names.uploaded, rows)

  rows = vim.tbl_map(function(left)
    return {
      { ('  %9s  '):format(left.sizeText), 'KsextNumber' },
      { left.path, 'KsextPath' },
      { '  ' .. left.reason, 'KsextHint' },
      target = left.path,
    }
  end, answer.dropped)
  section(lines, names.dropped, rows)
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
    argument = function()
      return { uri = uri, drawing = true }
    end,
    render = M.render,
    live = true,
    enter = function(path, shown)
      view.open_file(shown, path)
    end,
  })
end

return M
