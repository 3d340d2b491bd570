/**
 * Three judges of one manifest: ksext, yaml-language-server and ajv. Each says where something is wrong and what: `at` is the
 * way from the root, in steps as of a JSON Pointer, `what` the kind, which all three share.
 */

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { program } from '../support/machine.mjs';
import { ROOT } from '../support/programs.mjs';

const require = createRequire(import.meta.url);
const { default: Ajv } = require('ajv');
const YAML = require('yaml');
const { TextDocument } = require('vscode-languageserver-textdocument');
const { getLanguageService } = require('yaml-language-server/lib/umd/languageservice/yamlLanguageService.js');

/** @typedef {{ at: string, what: string, text: string }} Complaint */

/** Keywords that ajv does not know: words for editors, and for ksext in Chinese. */
const WORDS = ['x-zh', 'enumDescriptions', 'markdownDescription', 'markdownEnumDescriptions'];

/** The rules of ksext that say what the schema says. */
const RULES_OF_THE_SCHEMA = [
  'missing-required',
  'wrong-type',
  'unknown-key',
  'unknown-language',
  'unknown-category',
  'unknown-installation-mode',
  'empty-map',
];

/** Findings that say what a missing field really is: a key that is misspelt, or at another level. */
const MEANT = ['unknown-key', 'key-case', 'unknown-language'];

/** Findings about YAML itself. What such a text says is another question to each parser. */
const NO_COMMON_READING = ['yaml-syntax', 'duplicate-key', 'ambiguous-key'];

/** A published schema. @param {string} name */
export function schema(name) {
  return JSON.parse(readFileSync(join(ROOT, 'schemas', `${name}.schema.json`), 'utf8'));
}

/** @param {string} text */
function parse(text) {
  return YAML.parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'silent' });
}

/** What ajv says in its strict mode, which also refuses a schema with unknown keywords. */
export class Ajv7 {
  /** @param {object} schema */
  constructor(schema) {
    /** What it has to say about the schema itself. @type {string[]} */
    this.doubts = [];
    const note = (/** @type {unknown[]} */ ...words) => this.doubts.push(words.join(' '));
    const ajv = new Ajv({ strict: true, allErrors: true, logger: { log: note, warn: note, error: note } });
    this.isValid = ajv.addVocabulary(WORDS).compile(schema);
  }

  /**
   * `null` if the YAML cannot be read, or is of several documents.
   * @param {string} text
   * @returns {Complaint[] | null}
   */
  judge(text) {
    const document = parse(text);
    if (document.errors.length > 0 || YAML.parseAllDocuments(text).length > 1) return null;
    if (this.isValid(document.toJS({ maxAliasCount: -1 }) ?? null)) return [];
    return this.isValid.errors.flatMap((/** @type {any} */ error) => {
      const at = error.instancePath.slice(1);
      const below = (/** @type {string} */ key) => (at === '' ? escaped(key) : `${at}/${escaped(key)}`);
      const complaint = (/** @type {string} */ at, /** @type {string} */ what) => [{ at, what, text: error.message }];
      // What is wrong with a name is told of the name; that `then` did not hold is told by what did not.
      if (error.propertyName !== undefined || error.keyword === 'if') return [];
      if (error.keyword === 'required') return complaint(below(error.params.missingProperty), 'missing');
      if (error.keyword === 'additionalProperties') return complaint(below(error.params.additionalProperty), 'key');
      if (error.keyword === 'propertyNames') return complaint(below(error.params.propertyName), 'key');
      return complaint(at, 'value');
    });
  }
}

/** What yaml-language-server says, shows and offers. */
export class YamlLanguageServer {
  #documents = 0;

  /** @param {object} schema */
  constructor(schema) {
    const silent = () => {};
    this.service = getLanguageService({
      schemaRequestService: async () => JSON.stringify(schema),
      workspaceContext: { resolveRelativePath: (/** @type {string} */ path) => path },
      telemetry: { send: silent, sendError: silent, sendTrack: silent },
      clientCapabilities: { textDocument: { completion: { completionItem: { documentationFormat: ['markdown'] } } } },
    });
    const schemas = [{ fileMatch: ['extension.yaml'], uri: 'https://example.com/schema.json', schema }];
    this.service.configure({ validate: true, hover: true, completion: true, customTags: [], schemas, yamlVersion: '1.2' });
  }

  /**
   * @param {string} text
   * @returns {Promise<Complaint[]>}
   */
  async judge(text) {
    const document = this.#open(text);
    const diagnostics = await this.service.doValidation(document, false);
    // Others are about YAML.
    const told = diagnostics.filter((/** @type {any} */ it) => it.source?.startsWith('yaml-schema'));
    return told.map((/** @type {any} */ it) => {
      const at = pathAt(text, document.offsetAt(it.range.start));
      const missing = /^Missing property "(.*)"\.$/.exec(it.message)?.[1];
      if (missing !== undefined) {
        // Told at a key before or in the map. Only the whole manifest and maps on the second level must have any.
        const steps = at.split('/');
        const map = steps.length < 2 ? [] : steps.slice(0, 2);
        return { at: [...map, missing].join('/'), what: 'missing', text: it.message };
      }
      const key = /^Property (.*) is not allowed\.$/.exec(it.message)?.[1];
      return { at, what: key === undefined ? 'value' : 'key', text: it.message };
    });
  }

  /**
   * What is shown for the place of `|`.
   * @param {string} marked
   * @returns {Promise<string>}
   */
  async hover(marked) {
    const { document, position } = this.#openAt(marked);
    const hover = await this.service.doHover(document, position);
    return hover?.contents.value ?? '';
  }

  /**
   * What is offered at the place of `|`.
   * @param {string} marked
   * @returns {Promise<any[]>}
   */
  async complete(marked) {
    const { document, position } = this.#openAt(marked);
    return (await this.service.doComplete(document, position, false)).items;
  }

  /** @param {string} marked */
  #openAt(marked) {
    const document = this.#open(marked.replace('|', ''));
    return { document, position: document.positionAt(marked.indexOf('|')) };
  }

  /** @param {string} text */
  #open(text) {
    return TextDocument.create(`file:///${++this.#documents}/extension.yaml`, 'yaml', 1, text);
  }
}

/**
 * What `ksext check` says of each manifest, with every rule on.
 * @param {string} folder an empty one
 * @param {string[]} texts
 * @returns {Promise<(Complaint & { rule: string })[][]>}
 */
export async function ksext(folder, texts) {
  await writeFile(join(folder, '.ksext.yaml'), 'ruleSet: all\n');
  await Promise.all(
    texts.map(async (text, index) => {
      await mkdir(join(folder, String(index)));
      await writeFile(join(folder, String(index), 'extension.yaml'), text);
    }),
  );
  const args = ['check', '--format', 'json', '--as-extension', '.'];
  const options = { cwd: folder, maxBuffer: 1 << 30, env: { ...process.env, HOME: folder, LANG: 'C' } };
  // Findings of severity error make it end with 1.
  const { stdout } = await promisify(execFile)(program(), args, options).catch((error) => error);
  const { packages } = JSON.parse(stdout);
  return texts.map((text, index) => {
    const found = packages.find((/** @type {any} */ it) => it.root.replace(/^\.\//, '') === String(index));
    if (!found) throw new Error(`not checked: ${text}`);
    const own = found.findings.filter((/** @type {any} */ finding) => finding.file === 'extension.yaml');
    return own.map((/** @type {any} */ finding) => {
      const { rule, message } = finding;
      const offset = Buffer.from(text).subarray(0, finding.range.start.offset).toString().length;
      // That a field is missing is told at the first key, or where it is empty.
      const field = rule === 'missing-required' ? /`(\w+)`/.exec(message)?.[1] : undefined;
      return { rule, at: field ?? pathAt(text, offset), what: rule, text: message };
    });
  });
}

/**
 * Where a judge that goes by the schema and ksext differ about a manifest; `null` if they do not read the same.
 * @param {(Complaint & { rule: string })[]} findings
 * @param {Complaint[] | null} complaints
 * @returns {{ schemaAlone: Complaint[], ksextAlone: Complaint[] } | null}
 */
export function differences(findings, complaints) {
  if (!complaints || findings.some((finding) => NO_COMMON_READING.includes(finding.rule))) return null;
  const isMeant = findings.some((finding) => MEANT.includes(finding.rule));
  const isNear = (/** @type {Complaint} */ one, /** @type {Complaint} */ other) =>
    one.at === other.at || `${other.at}/`.startsWith(`${one.at}/`) || `${one.at}/`.startsWith(`${other.at}/`);
  return {
    schemaAlone: complaints.filter((complaint) => {
      const isTold = findings.some((finding) => isNear(complaint, finding) || mapIs(finding, complaint));
      return !isTold && !(complaint.what === 'missing' && isMeant);
    }),
    ksextAlone: findings.filter((finding) => {
      const isOfSchema = RULES_OF_THE_SCHEMA.includes(finding.rule);
      return isOfSchema && !complaints.some((complaint) => isNear(complaint, finding));
    }),
  };
}

/**
 * Whether a finding is about the map in which something is missing.
 * @param {Complaint} finding
 * @param {Complaint} complaint
 */
function mapIs(finding, complaint) {
  const map = complaint.at.split('/').slice(0, -1).join('/');
  return complaint.what === 'missing' && map !== '' && `${finding.at}/`.startsWith(`${map}/`);
}

/** A key as a step of a way, as in a JSON Pointer (RFC 6901). @param {unknown} key */
function escaped(key) {
  return String(key).replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The node that a way leads to. @param {string} text @param {string} at @returns {any} */
export function nodeAt(text, at) {
  const step = (/** @type {string} */ step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return parse(text).getIn(at.split('/').map(step), true);
}

/**
 * The way to what stands at an offset.
 * @param {string} text
 * @param {number} offset
 */
export function pathAt(text, offset) {
  /** @type {string[]} */
  const path = [];
  let node = parse(text).contents;
  while (YAML.isCollection(node)) {
    const begins = (/** @type {any} */ item) => (item?.key?.range ?? item?.range)?.[0] ?? Infinity;
    const index = node.items.findLastIndex((item) => begins(item) <= offset);
    if (index < 0) break;
    const item = /** @type {any} */ (node.items[index]);
    path.push(YAML.isMap(node) ? escaped(item.key.value ?? item.key) : String(index));
    const value = YAML.isMap(node) ? item.value : item;
    const [start, end] = value?.range ?? [Infinity, 0];
    if (offset < start || start === end) break;
    node = value;
  }
  return path.join('/');
}

/** A file of the repository. @param {string[]} path */
export function repositoryFile(...path) {
  return readFile(join(ROOT, ...path), 'utf8');
}
