--- Where extensions and their versions stand in the review, and the way to hand one in or take it back.

local client_of = require('ksext.client')
local run = require('ksext.run')
local text = require('ksext.l10n').text
local view = require('ksext.view')

local M = {}

--- The highlight groups of what states mean.
local HIGHLIGHTS = {
  draft = 'KsextDraft',
  waiting = 'KsextSubmitted',
  good = 'KsextActive',
  bad = 'KsextRejected',
  unknown = 'KsextSubmitted',
}

--- A version and where it stands.
---@param extension string
---@param snapshot table
---@return ksext.Line[]
local function version_lines(extension, snapshot)
  local age = snapshot.ageText
  local target = { extension = extension, snapshot = snapshot }
  local lines = {
    {
      { ('  %-12s '):format(snapshot.version), 'KsextNumber' },
      { snapshot.statusText, HIGHLIGHTS[snapshot.tone] },
      { age and '  ' .. age or '', 'KsextHint' },
      { ('  #%s'):format(snapshot.id), 'KsextHint' },
      target = target,
    },
  }
  if type(snapshot.reason) == 'string' and snapshot.reason ~= '' then
    for _, reason in ipairs(vim.split(vim.trim(snapshot.reason), '\n')) do
      lines[#lines + 1] = { { '    ' .. reason, 'KsextRejected' }, target = target }
    end
  end
  return lines
end

--- An extension with its versions, newest first; those in an answer of `ksext.status`.
---@param extension table
---@param snapshots? table[] nil if they were not asked for
---@return ksext.Line[]
local function extension_lines(extension, snapshots)
  local lines = {
    {
      { extension.name, 'KsextTitle' },
      { '  ' },
      { extension.statusText, HIGHLIGHTS[extension.tone] },
      { extension.latestVersion and '  ' .. extension.latestVersion or '', 'KsextNumber' },
      target = { extension = extension.name },
    },
  }
  if not snapshots then
    return lines
  end
  table.sort(snapshots, function(a, b)
    return a.rank < b.rank
  end)
  for _, snapshot in ipairs(snapshots) do
    vim.list_extend(lines, version_lines(extension.name, snapshot))
  end
  if #snapshots == 0 then
    lines[#lines + 1] = { { '  ' .. text('review_no_version'), 'KsextHint' } }
  end
  return lines
end

--- Submits or withdraws the version under the cursor, then asks again.
---@param id string
local function act(id)
  return function(target, shown)
    local snapshot = target and target.snapshot
    if not snapshot then
      return client_of.tell(text('review_pick'), vim.log.levels.WARN)
    end
    -- The server is told the id alone, and so knows no name to tell.
    local argument, options = { snapshotId = snapshot.id }, { quiet = true }
    run.execute(shown.client, id, argument, options, function(answer)
      local called = { target.extension, snapshot.version, snapshot.id, answer.statusText }
      client_of.tell(text('review_done', unpack(called)))
      shown.reload()
    end)
  end
end

--- Opens the package of the extension under the cursor.
---@param target table?
---@param shown ksext.View
local function open_package(target, shown)
  if not target then
    return
  end
  local client = shown.client
  client:request('ksext/packages', nil, function(failure, answer)
    local found = vim.iter(not failure and answer.packages or {}):find(function(package)
      return package.name == target.extension
    end)
    if not found then
      local root = client.root_dir or vim.fn.getcwd()
      local words = text('review_not_here', target.extension, root)
      return client_of.tell(words, vim.log.levels.WARN)
    end
    -- Unless one has gone on meanwhile.
    if vim.api.nvim_get_current_buf() == shown.bufnr then
      view.edit(vim.uri_to_fname(found.manifest))
    end
  end)
end

local KEYS = { s = act('ksext.submit'), w = act('ksext.unpush'), o = open_package }

--- Shows where an extension stands.
---@param client vim.lsp.Client
---@param uri string
---@param name? string the extension's name; else that of the package
function M.open(client, uri, name)
  view.open('review', name or view.label(uri), {
    client = client,
    uri = uri,
    command = 'ksext.status',
    argument = function()
      return name and { name = name } or { uri = uri }
    end,
    render = function(answer)
      local lines = extension_lines(answer, answer.snapshots)
      return vim.list_extend(lines, { '', view.footer(text('review_keys')) })
    end,
    keys = KEYS,
  })
end

--- Shows all extensions of the account; the versions of one are asked for when it is chosen.
---@param client vim.lsp.Client
---@param uri string
function M.open_list(client, uri)
  local listed = { extensions = {} }
  local versions = {} ---@type table<string, table[]|false> by name; false while they are asked for
  local function render()
    local lines = { { { text('review_title'), 'KsextTitle' } }, '' } ---@type ksext.Page
    for _, extension in ipairs(listed.extensions) do
      vim.list_extend(lines, extension_lines(extension, versions[extension.name] or nil))
    end
    if #listed.extensions == 0 then
      lines[#lines + 1] = { { text('review_none'), 'KsextHint' } }
    end
    return vim.list_extend(lines, { '', view.footer(text('review_keys')) })
  end
  local function ask_versions(name, shown)
    versions[name] = false
    run.ask(shown.client, 'ksext.status', { name = name }, function(failure, answer)
      if failure then
        versions[name] = nil
        return client_of.tell(failure.message, vim.log.levels.ERROR)
      end
      versions[name] = answer.snapshots
      if vim.api.nvim_buf_is_valid(shown.bufnr) then
        shown.show(render())
      end
    end)
  end
  view.open('list', 'extensions', {
    client = client,
    uri = uri,
    command = 'ksext.list',
    argument = vim.empty_dict,
    render = function(answer, shown)
      listed = answer
      for name in pairs(versions) do
        ask_versions(name, shown)
      end
      return render()
    end,
    enter = function(target, shown)
      if target.snapshot then
        return M.open(shown.client, uri, target.extension)
      elseif versions[target.extension] then
        versions[target.extension] = nil
        return shown.show(render())
      end
      ask_versions(target.extension, shown)
    end,
    keys = KEYS,
  })
end

return M
