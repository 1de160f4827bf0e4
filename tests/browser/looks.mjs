// The ways in which people look at the console, and the judge of what everybody must be able to use.
import { AxeBuilder } from '@axe-core/playwright';

export const ways = ['ko', 'en'].flatMap((language) =>
  ['light', 'dark'].flatMap((theme) => [1440, 390].map((width) => ({ language, theme, width, height: width === 390 ? 844 : 900 }))),
);

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
// The console has no frames of other sites; without them one page is enough, and much faster.
export const judge = (page) =>
  new AxeBuilder({ page }).setLegacyMode(true).options({ runOnly: tags, resultTypes: ['violations'] }).analyze();
