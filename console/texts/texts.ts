import { en } from './en.ts'

/** Literal texts may be others in another language; what they are called may not. */
type Loose<T> = T extends string
  ? string
  : T extends (...values: infer V) => string
    ? (...values: V) => string
    : { readonly [K in keyof T]: Loose<T[K]> }

/** What each language has. */
export type Texts = Loose<typeof en>

/** The texts that are shown. */
export const texts: Texts = en

/** The language of numbers and times: that of the texts, in the way of the browser's own region where it is the same language. */
export const locale: string = navigator.language.startsWith('en') ? navigator.language : 'en'
