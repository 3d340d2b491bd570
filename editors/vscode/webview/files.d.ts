/** Files that the bundler takes in as texts. */

declare module '*.html' {
  const text: string;
  export default text;
}

declare module '*.css';
