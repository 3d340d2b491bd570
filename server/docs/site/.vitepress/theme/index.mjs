/** VitePress's own look, with the system's fonts. */

import DefaultTheme from 'vitepress/theme-without-fonts';

import './style.css';

export default DefaultTheme;
