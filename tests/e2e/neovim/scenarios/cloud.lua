-- From the first lens to the decision of the reviewers. Every step is what a user would do.
local d = Driver
local options = vim.g.ksext
options.settings = { status = { poll = 1 } }
vim.g.ksext = options
local bufnr = d.open(d.given.home .. '/demo/extension.yaml')
local client = d.client(bufnr)
local typed
vim.fn.inputsecret = function(prompt)
  typed = prompt
  return d.given.key
end

--- Runs the lens with this title, as `:KsextLens` does where there is one alone.
local function run_lens(title)
  local lens = d.wait(('the lens `%s`'):format(title), function()
    return vim.iter(vim.lsp.codelens.get(bufnr)):find(function(lens)
      return vim.startswith(lens.command.title, title)
    end)
  end)
  client:exec_cmd(lens.command, { bufnr = bufnr })
end

local function wait_status(text)
  return d.wait(('`%s` in the status line'):format(text), function()
    local status = require('ksext').status(bufnr)
    return status:find(text, 1, true) and status
  end)
end

local progress = {}
vim.api.nvim_create_autocmd('LspProgress', {
  callback = function(event)
    local value = event.data.params.value
    table.insert(progress, ('%s: %s'):format(value.title, value.message or value.kind))
  end,
})

d.report.before = wait_status('KB')
run_lens('Log in')
d.wait_message('logged in')
d.report.prompt = typed
d.report.whoami = (function()
  vim.cmd('KsextWhoami')
  return d.wait_message('Sandbox user')
end)()

-- A question that is not answered sends nothing.
d.choose(nil)
run_lens('Push demo')
d.wait_message('cancelled')
d.choose('Push')
run_lens('Push demo')
d.report.pushed = d.wait_message('pushed demo')
d.report.progress = progress
d.report.submitted = wait_status('submitted')
d.report.snapshot = d.report.pushed:match('snapshot (%d+)')

-- The reviewer decides elsewhere; nobody asks, and the status line tells.
local decide = ("fetch('%s/review/%s/approve', { method: 'POST' })"):format(
  d.given.server,
  d.report.snapshot
)
vim.system({ d.given.node, '-e', decide }):wait()
d.report.approved = wait_status('active')
run_lens('0.1.0 active')
d.report.status = d.wait_line('#')
vim.cmd.close()
d.report.lenses = d.wait('the lens of a version that is active', function()
  local lenses = d.lenses(bufnr)
  return vim.iter(lenses):any(function(title)
    return title:find('already active', 1, true)
  end) and lenses
end)
vim.cmd('KsextLogout')
d.wait('the lens to log in', function()
  return vim.list_contains(d.lenses(bufnr), 'Log in to KubeSphere Cloud')
end)
d.report.history = vim.fn.execute('history all') .. vim.fn.execute('messages')
