// The site is made of the repository's pages as they are: no page is copied, and each link works both there and here.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { graphs } from './graphs.mjs'
import { repositoryLinks } from './repository-links.mjs'
import { NAVIGATION, SECTIONS, addressOf } from './pages.mjs'

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url))

/** Folders of the repository that have pages for readers. */
const FOLDERS = ['docs', 'benchmarks']
const others = readdirSync(REPOSITORY, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !FOLDERS.includes(entry.name))
  .map(({ name }) => `${name}/**`)

export default defineConfig({
  title: 'Lugsail',
  description: "Amazon Lightsail's object storage, run by yourself",
  lang: 'en',
  srcDir: '..',
  // No results of single runs, and nothing that is not for readers.
  srcExclude: [...others, 'benchmarks/*/**'],
  outDir: '.vitepress/dist',
  cacheDir: 'node_modules/.cache/vitepress',
  rewrites: addressOf,
  cleanUrls: false,
  // Where it will stand, when that is not the top of a host.
  base: process.env.LUGSAIL_SITE_BASE ?? '/',
  // The pages lie above the folder that has Vue.
  vite: {
    resolve: {
      alias: {
        'vue/server-renderer': fileURLToPath(import.meta.resolve('vue/server-renderer')),
        vue: fileURLToPath(import.meta.resolve('vue/dist/vue.runtime.esm-bundler.js')),
      },
    },
  },
  head: [['meta', { name: 'color-scheme', content: 'light dark' }]],
  markdown: {
    anchor: { slugify: repositorySlug },
    config: (md) => md.use(repositoryLinks, { repository: REPOSITORY }).use(graphs),
  },
  themeConfig: {
    nav: NAVIGATION,
    sidebar: SECTIONS,
    outline: [2, 3],
    // The index is a file of the site, and is searched in the browser.
    search: { provider: 'local', options: { miniSearch: { searchOptions: { fuzzy: 0.1, prefix: true } } } },
    footer: { message: 'MIT licence' },
  },
})

/** The anchor of a heading, as the repository's host makes it. */
function repositorySlug(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
    .replaceAll(' ', '-')
}
