/** The extension's log: what the server says, what is said to it, and never a key. */

import type * as vscode from 'vscode';

import { redact } from './redact';

/** A log that shows nothing that it was told to keep secret. */
export class Log implements vscode.LogOutputChannel {
  readonly #secrets = new Set<string>();

  constructor(private readonly channel: vscode.LogOutputChannel) {}

  /** Keeps a text out of the log from now on. */
  conceal(secret: string): void {
    this.#secrets.add(secret);
  }

  get name(): string {
    return this.channel.name;
  }

  get logLevel(): vscode.LogLevel {
    return this.channel.logLevel;
  }

  get onDidChangeLogLevel(): vscode.Event<vscode.LogLevel> {
    return this.channel.onDidChangeLogLevel;
  }

  trace(message: string, ...args: unknown[]): void {
    this.channel.trace(this.#shown(message), ...this.#all(args));
  }

  debug(message: string, ...args: unknown[]): void {
    this.channel.debug(this.#shown(message), ...this.#all(args));
  }

  info(message: string, ...args: unknown[]): void {
    this.channel.info(this.#shown(message), ...this.#all(args));
  }

  warn(message: string, ...args: unknown[]): void {
    this.channel.warn(this.#shown(message), ...this.#all(args));
  }

  error(error: string | Error, ...args: unknown[]): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : error;
    this.channel.error(this.#shown(text), ...this.#all(args));
  }

  append(value: string): void {
    this.channel.append(this.#shown(value));
  }

  appendLine(value: string): void {
    this.channel.appendLine(this.#shown(value));
  }

  replace(value: string): void {
    this.channel.replace(this.#shown(value));
  }

  clear(): void {
    this.channel.clear();
  }

  show(columnOrPreserveFocus?: vscode.ViewColumn | boolean, preserveFocus?: boolean): void {
    if (typeof columnOrPreserveFocus === 'number') this.channel.show(columnOrPreserveFocus, preserveFocus);
    else this.channel.show(columnOrPreserveFocus);
  }

  hide(): void {
    this.channel.hide();
  }

  dispose(): void {
    this.channel.dispose();
  }

  #shown(text: string): string {
    return redact(text, this.#secrets);
  }

  #all(args: unknown[]): string[] {
    return args.map((arg) => this.#shown(typeof arg === 'string' ? arg : (JSON.stringify(arg) ?? String(arg))));
  }
}
