/** Programs that the tests of CI drive, beside those of the system; `cargo xtask e2e ci` installs them. */

import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { isProgram, ROOT } from '../support/programs.mjs';

/** The most that one program may take, in milliseconds. */
const PATIENCE = 60_000;

/** The version of ksext that these sources are of. */
export const VERSION = /^version = "(.+)"$/m.exec(readFileSync(join(ROOT, 'Cargo.toml'), 'utf8'))?.[1] ?? '';

/**
 * A program of the virtual environment.
 * @param {string} name
 */
export function tool(name) {
  const path = join(process.env.KSEXT_CI_TOOLS ?? join(ROOT, 'target', 'tools', 'build-servers'), 'bin', name);
  if (!isProgram(path)) throw new Error(`no ${name} at ${path}: \`cargo xtask e2e ci\` installs it, or name its folder in KSEXT_CI_TOOLS`);
  return path;
}

/** @typedef {{ code: number, stdout: string, stderr: string }} Output */

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, input?: string }} [options]
 * @returns {Promise<Output>}
 */
export function run(program, args, { input = '', ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { ...options, timeout: PATIENCE, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/**
 * What a run that goes well prints.
 * @param {Parameters<typeof run>} call
 */
export async function ok(...call) {
  const output = await run(...call);
  if (output.code !== 0) throw new Error(`${call[0]} ${call[1].join(' ')} ended with ${output.code}:\n${output.stdout}${output.stderr}`);
  return output.stdout;
}

/**
 * Runs a program to its end, with everything it says in the order in which it says it.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ code: number | null, log: string }>}
 */
export function runLogged(program, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], timeout: PATIENCE });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (log += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, log }));
  });
}

/** @param {string} script @param {string} input */
async function python(script, input) {
  return JSON.parse(await ok(tool('python'), ['-c', script], { input }));
}

/** @param {string} text */
export const fromYaml = (text) => python('import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin.buffer.read())))', text);

/**
 * Suites, with their cases and what those say, as build servers read JUnit XML.
 * @param {string} text
 * @returns {Promise<{ name: string, cases: { name: string, file: string, failure: string | null }[] }[]>}
 */
export const fromJunit = (text) =>
  python(
    `
import json, sys, xml.etree.ElementTree as tree
def case(it):
    failure = it.find('failure')
    return {'name': it.get('name'), 'file': it.get('file'), 'failure': None if failure is None else failure.get('message')}
root = tree.fromstring(sys.stdin.buffer.read())
assert root.tag == 'testsuites', root.tag
print(json.dumps([{'name': suite.get('name'), 'cases': [case(it) for it in suite.iter('testcase')]} for suite in root.iter('testsuite')]))
`,
    text,
  );

/**
 * What a JSON Schema says against a text.
 * @param {string} schema the file, below the repository's root
 * @param {string} text
 * @returns {Promise<string[]>}
 */
export const schemaErrors = (schema, text) =>
  python(
    `
import json, sys, jsonschema
# One of SARIF's patterns has a bracket too many.
schema = json.loads(open(${JSON.stringify(join(ROOT, schema))}, encoding='utf-8').read().replace('{2}]?$', '{2}$'))
validator = jsonschema.validators.validator_for(schema)(schema)
print(json.dumps([error.message for error in validator.iter_errors(json.loads(sys.stdin.buffer.read()))]))
`,
    text,
  );
