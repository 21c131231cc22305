/** This program's version; the bundler puts package.json's in place of the variable. */
export const VERSION = process.env['LUGSAIL_VERSION'] ?? 'development'
