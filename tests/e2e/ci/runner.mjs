/**
 * GitHub's runner, as far as a composite action needs it: expressions, steps with their files and shells,
 * workflow commands in what they print. Steps that use other actions are noted, not run.
 */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ROOT } from '../support/programs.mjs';
import { fromYaml, runLogged } from './tools.mjs';

/** Values of expressions. @typedef {string | number | boolean | null | undefined | object} Value */

/**
 * The value of an expression (docs.github.com, "Evaluate expressions in workflows and actions").
 * @param {string} text
 * @param {Record<string, any>} contexts
 * @returns {Value}
 */
export function evaluate(text, contexts) {
  const tokens = text.match(/'(?:[^']|'')*'|[\w.-]+|==|!=|&&|\|\||[()!]/g) ?? [];
  if (tokens.join('').length !== text.replace(/\s+(?=(?:[^']*'[^']*')*[^']*$)/g, '').length) throw new Error(`cannot read the expression ${text}`);
  const next = () => tokens.shift() ?? '';
  /** @returns {Value} */
  const operand = () => {
    const token = next();
    if (token === '!') return !isTrue(operand());
    if (token === '(') {
      const value = either();
      if (next() !== ')') throw new Error(`no end of a bracket in ${text}`);
      return value;
    }
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (['true', 'false', 'null'].includes(token) || /^-?\d/.test(token)) return JSON.parse(token);
    const [context, ...path] = token.split('.');
    if (!(context in contexts)) throw new Error(`no context ${context}, asked for in ${text}`);
    return path.reduce((value, key) => value?.[key], contexts[context]) ?? null;
  };
  const comparison = () => {
    const left = operand();
    if (!['==', '!='].includes(tokens[0])) return left;
    return (next() === '==') === equal(left, operand());
  };
  const both = () => {
    let value = comparison();
    while (tokens[0] === '&&') {
      next();
      const other = comparison();
      value = isTrue(value) ? other : value;
    }
    return value;
  };
  const either = () => {
    let value = both();
    while (tokens[0] === '||') {
      next();
      const other = both();
      value = isTrue(value) ? value : other;
    }
    return value;
  };
  const value = either();
  if (tokens.length > 0) throw new Error(`what is ${tokens.join(' ')} in ${text}?`);
  return value;
}

/** @param {Value} value */
const isTrue = (value) => Boolean(value) && !Number.isNaN(value);

/** Texts are compared without their case; what is of two types, as numbers. @param {Value} left @param {Value} right */
function equal(left, right) {
  if (typeof left === 'string' && typeof right === 'string') return left.toLowerCase() === right.toLowerCase();
  return typeof left === typeof right ? left === right : Number(left) === Number(right);
}

/** A text with its expressions replaced by their values. @param {unknown} text @param {Record<string, any>} contexts */
function filled(text, contexts) {
  return String(text).replace(/\$\{\{(.*?)\}\}/gs, (_, expression) => String(evaluate(expression, contexts) ?? ''));
}

/** What is in a file of outputs. @param {string} text */
function outputsOf(text) {
  /** @type {Record<string, string>} */
  const outputs = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    if (lines[at] === '') continue;
    const long = lines[at].match(/^([\w-]+)<<(.+)$/);
    const short = lines[at].match(/^([\w-]+)=(.*)$/);
    if (long) {
      const end = lines.indexOf(long[2], at + 1);
      if (end < 0) throw new Error(`the output ${long[1]} does not end`);
      outputs[long[1]] = lines.slice(at + 1, end).join('\n');
      at = end;
    } else if (short) outputs[short[1]] = short[2];
    else throw new Error(`no output: ${lines[at]}`);
  }
  return outputs;
}

/** @typedef {{ level: string, message: string, properties: Record<string, string> }} Annotation */

/** The log of a job: commands taken out, what is secret hidden (actions/runner, ActionCommandManager.cs). */
class Log {
  text = '';
  /** @type {Annotation[]} */
  annotations = [];
  /** @type {Set<string>} */
  #masks;
  /** @type {string | null} */
  #stopped = null;

  /** @param {string[]} secrets */
  constructor(secrets) {
    this.#masks = new Set(secrets);
  }

  /** @param {string} printed */
  take(printed) {
    for (const line of printed.split(/\r?\n/)) this.#line(line);
  }

  /** @param {string} line */
  #line(line) {
    const [, name = '', properties = '', message = ''] = line.match(/^\s*::([\w-]+)(?: (.*?))?::(.*)$/) ?? [];
    if (this.#stopped !== null) {
      if (name === this.#stopped) this.#stopped = null;
      else this.#print(line);
    } else if (name === 'stop-commands') this.#stopped = message;
    else if (name === 'add-mask') this.#masks.add(message);
    else if (['error', 'warning', 'notice'].includes(name)) this.#annotate(name, properties, message);
    else if (name) throw new Error(`an unknown command: ${line}`);
    else this.#print(line);
  }

  /** @param {string} level @param {string} properties @param {string} message */
  #annotate(level, properties, message) {
    const pairs = properties.split(',').filter(Boolean).map((pair) => {
      const [key, ...value] = pair.split('=');
      return [key, unescaped(value.join('='))];
    });
    this.annotations.push({ level, message: unescaped(message), properties: Object.fromEntries(pairs) });
    this.#print(`${level}: ${unescaped(message)}`);
  }

  /** @param {string} line */
  #print(line) {
    for (const mask of this.#masks) if (mask) line = line.replaceAll(mask, '***');
    this.text += `${line}\n`;
  }
}

/** @param {string} text */
function unescaped(text) {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%');
}

/**
 * @typedef {object} Job
 * @property {Record<string, string>} [inputs] of the action
 * @property {Record<string, any>} [event] what has happened
 * @property {NodeJS.ProcessEnv} env what a runner gives to each step
 * @property {string} workspace the folder of the checkout
 * @property {string} temporary a folder for what the runner keeps
 * @property {string[]} [secrets] what the runner hides by itself
 *
 * @typedef {object} Result
 * @property {boolean} succeeded
 * @property {Record<string, string>} outputs
 * @property {string} log as people see it
 * @property {string} raw what the steps have printed
 * @property {Annotation[]} annotations
 * @property {string} summary
 * @property {string[]} steps those that ran
 * @property {{ uses: string, with: Record<string, string> }[]} used other actions
 */

/**
 * Runs the action of this repository.
 * @param {Job} job
 * @returns {Promise<Result>}
 */
export async function runAction({ inputs = {}, event = {}, env, workspace, temporary, secrets = [] }) {
  const action = await fromYaml(await readFile(join(ROOT, 'action.yml'), 'utf8'));
  const github = { event, token: env.GITHUB_TOKEN, workspace };
  const unknown = Object.keys(inputs).filter((name) => !(name in action.inputs));
  if (unknown.length > 0) throw new Error(`the action has no inputs ${unknown.join(', ')}`);
  const defaults = Object.entries(action.inputs).map(([name, input]) => [name, filled(/** @type {any} */ (input).default ?? '', { github })]);
  const contexts = { inputs: { ...Object.fromEntries(defaults), ...inputs }, github, steps: /** @type {Record<string, any>} */ ({}) };
  const log = new Log(secrets);
  /** @type {Result} */
  const result = { succeeded: true, outputs: {}, log: '', raw: '', annotations: [], summary: '', steps: [], used: [] };
  const summary = join(temporary, 'summary.md');
  await mkdir(join(temporary, 'temp'), { recursive: true });
  await writeFile(summary, '');
  let path = env.PATH ?? '';

  for (const [index, step] of action.runs.steps.entries()) {
    // Without a function that asks for the state, a condition means "and nothing has failed".
    if (!result.succeeded || !isTrue(evaluate(step.if ?? 'true', contexts))) continue;
    result.steps.push(step.name);
    if (step.uses) {
      const given = Object.entries(step.with ?? {}).map(([name, value]) => [name, filled(value, contexts)]);
      result.used.push({ uses: step.uses, with: Object.fromEntries(given) });
      continue;
    }
    if (step.shell !== 'bash') throw new Error(`no shell ${step.shell}`);
    const files = Object.fromEntries(['OUTPUT', 'PATH', 'ENV'].map((name) => [`GITHUB_${name}`, join(temporary, `${index}-${name}`)]));
    for (const file of Object.values(files)) await writeFile(file, '');
    const script = join(temporary, `${index}.sh`);
    await writeFile(script, filled(step.run, contexts));
    const own = Object.entries(step.env ?? {}).map(([name, value]) => [name, filled(value, contexts)]);
    const { code, log: printed } = await runLogged('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', script], {
      cwd: workspace,
      env: {
        ...env,
        PATH: path,
        RUNNER_TEMP: join(temporary, 'temp'),
        GITHUB_ACTION_PATH: ROOT.replace(/\/$/, ''),
        GITHUB_WORKSPACE: workspace,
        GITHUB_STEP_SUMMARY: summary,
        ...files,
        ...Object.fromEntries(own),
      },
    });
    result.raw += printed;
    log.take(printed);
    if (step.id) contexts.steps[step.id] = { outputs: outputsOf(await readFile(files.GITHUB_OUTPUT, 'utf8')) };
    const added = (await readFile(files.GITHUB_PATH, 'utf8')).split('\n').filter(Boolean);
    path = [...added.reverse(), path].join(':');
    result.succeeded = code === 0;
  }
  const outputs = Object.entries(action.outputs).map(([name, output]) => [name, filled(/** @type {any} */ (output).value, contexts)]);
  return {
    ...result,
    outputs: Object.fromEntries(outputs),
    log: log.text,
    annotations: log.annotations,
    summary: await readFile(summary, 'utf8'),
  };
}
