/** Manifests for the judges: what each line makes of a valid one, and where every judge sees something wrong. */

const VALID = {
  apiVersion: 'kubesphere.io/v1alpha1',
  name: 'demo',
  version: '0.1.0',
  displayName: '{zh: 示例 🎉, en: Demo}',
  description: '{zh: 示例。, en: Shows.}',
  category: 'dev-tools',
  provider: '{zh: {name: 示例公司}, en: {name: Example Inc.}}',
  ksVersion: "'>=4.1.0-0'",
  icon: 'https://example.com/demo.svg',
};

/**
 * The valid manifest with this line instead of its own of that key.
 * @param {string} line
 */
export function manifest(line) {
  const key = line.split(':')[0];
  const lines = Object.entries(VALID).map(([name, value]) => `${name}: ${value}`);
  return [...lines.filter((own) => !own.startsWith(`${key}:`)), line, ''].join('\n');
}

/** Nobody says anything. */
export const TAKEN = [
  '# nothing else',
  'screenshots:',
  'screenshots: []',
  'keywords: [null, demo]',
  'sources: [null, "", https://example.com, git://example.com/demo]',
  'home: ""',
  'home: HTTPS://example.com/演示',
  'docs: mailto:demo@example.com',
  'version: 1.0.0-alpha0+build.01',
  'version: v4.0.0-rc.1',
  'installationMode:',
  'installationMode: ""',
  'installationMode: Multicluster',
  'namespace: ""',
  'images: [nginx, "localhost:5000/a/b__c:V1", null]',
  'dependencies: [{name: a, tags: [set-in-values], alias: "", condition: null, enabled: null, import-values: [1, a, {child: 5}]}]',
  'maintainers: [{name: 示例, email: "", url: ""}]',
  'externalDependencies: [{name: a, version: ">=1.0.0", type: null, required: null}]',
  'annotations: {example.com/a~b: null}',
];

/** All three say something at this place. */
export const REFUSED = [
  ['apiVersion: ""', 'apiVersion'],
  ['name:', 'name'],
  ['name: Log_Viewer', 'name'],
  ['name: a.b', 'name'],
  ['name: /', 'name'],
  ['version: latest', 'version'],
  ['version: 1.02.0', 'version'],
  ['version: 1.0.0-01', 'version'],
  ['displayName: Demo', 'displayName'],
  ['displayName: {}', 'displayName'],
  ['displayName: {zh-CN: 示例, en: Demo}', 'displayName/zh-CN'],
  ['displayName: {en: [Demo]}', 'displayName/en'],
  ['category: other', 'category'],
  ['category: ""', 'category'],
  ['keywords: demo', 'keywords'],
  ['home: www.example.com', 'home'],
  ['home: " https://example.com"', 'home'],
  ['sources: ["git@example.com:demo.git"]', 'sources/0'],
  ['provider: {EN: {name: Example}}', 'provider/EN'],
  ['provider: {en: {}}', 'provider/en'],
  ['provider: {en: {mail: a@example.com, name: Example}}', 'provider/en/mail'],
  ['provider: {en: {name: Example, email: a@b}}', 'provider/en/email'],
  ['maintainers: [null]', 'maintainers/0'],
  ['maintainers: [{email: a@example.com}]', 'maintainers/0'],
  ['maintainers: [{name: 示例, url: example.com}]', 'maintainers/0/url'],
  ['dependencies: {}', 'dependencies'],
  ['dependencies: [null]', 'dependencies/0'],
  ['dependencies: [{name: a, alias: "a b"}]', 'dependencies/0/alias'],
  ['dependencies: [{name: a, enabled: "yes"}]', 'dependencies/0/enabled'],
  ['installationMode: Hostonly', 'installationMode'],
  ['images: ["nginx:1.27\\""]', 'images/0'],
  ['images: [docker.io/Demo/web]', 'images/0'],
  ['screenshoots: []', 'screenshoots'],
];

/** Where they differ, and who says something. `server/docs/schema.md` tells why. */
export const DIFFERENT = [
  // Numbers, booleans and dates in place of text: ksbuilder makes text of them.
  ['kubeVersion: 1.19', 'kubeVersion', 'schema'],
  ['keywords: [2026, true]', 'keywords/0', 'schema'],
  ['annotations: {example.com/a: 5}', 'annotations/example.com~1a', 'schema'],
  // YAML 1.1, in which `yes` is true and `no` is false.
  ['dependencies: [{name: a, enabled: yes}]', 'dependencies/0/enabled', 'schema'],
  ['displayName: {no: Demo, en: Demo}', 'displayName/no', 'ksext'],
  ['home: !!binary aHR0cHM6Ly9leGFtcGxlLmNvbQ==', 'home', 'schema'],
  // No rule of ksext asks for these.
  ['namespace: Demo', 'namespace', 'schema'],
  ['dependencies: [{}]', 'dependencies/0/name', 'schema'],
  ['externalDependencies: [{name: a}]', 'externalDependencies/0/version', 'schema'],
];
