// Makes a package for Debian out of the single file (single-file.mjs): the command and the server with its user, unit, settings, manual pages and
// completion. Needs dpkg-deb. For the processor of this machine alone.
//   npm run build:deb [-- FOLDER]       → FOLDER/lugsail_VERSION_ARCHITECTURE.deb; dist-single unless named
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { manualPage } from './debian/manual-page.mjs'

const root = resolve(import.meta.dirname, '..')
const out = resolve(process.argv[2] ?? join(root, 'dist-single'))
const program = join(out, 'lugsail')
const scripts = ['postinst', 'prerm', 'postrm']
const settings = 'etc/lugsail/lugsail.env'
const { version, description, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const architecture = execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim()

execFileSync(process.execPath, [join(root, 'build/single-file.mjs'), out], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
})
const says = (...args) =>
  execFileSync(program, args, { encoding: 'utf8', env: { ...process.env, COLUMNS: '80' } })
const tree = mkdtempSync(join(tmpdir(), 'lugsail-deb-'))
// Becomes the mode of the folder into which it is installed, which is the root of a system.
chmodSync(tree, 0o755)
try {
  copy(program, 'usr/bin/lugsail', 0o755)
  write('usr/lib/systemd/system/lugsail.service', unit())
  copy(join(root, 'build/debian/lugsail.sysusers'), 'usr/lib/sysusers.d/lugsail.conf')
  copy(join(root, 'build/debian/lugsail.tmpfiles'), 'usr/lib/tmpfiles.d/lugsail.conf')
  copy(join(root, 'build/debian/lugsail.env'), settings, 0o640)
  write('usr/share/bash-completion/completions/lugsail', says('completion', 'bash'))
  write('usr/share/zsh/vendor-completions/_lugsail', says('completion', 'zsh'))
  write('usr/share/fish/vendor_completions.d/lugsail.fish', says('completion', 'fish'))
  writeGzip(
    'usr/share/man/man1/lugsail.1.gz',
    manualPage({ name: 'lugsail', about: description, version, help: says('help') }),
  )
  writeGzip(
    'usr/share/man/man1/lugsail-serve.1.gz',
    manualPage({
      name: 'lugsail-serve',
      about: 'serve buckets, their access keys and the S3 API',
      version,
      help: says('serve', 'help'),
    }),
  )
  writeGzip('usr/share/doc/lugsail/changelog.gz', readFileSync(join(root, 'CHANGELOG.md')))
  write(
    'usr/share/doc/lugsail/copyright',
    `${readFileSync(join(root, 'LICENSE'), 'utf8')}\nWhat it contains of others:\n\n${readFileSync(join(root, 'dist/third-party-licences.txt'), 'utf8')}`,
  )
  write('DEBIAN/control', control())
  write('DEBIAN/conffiles', `/${settings}\n`)
  for (const name of scripts) copy(join(root, 'build/debian', name), `DEBIAN/${name}`, 0o755)

  const file = join(out, `lugsail_${version}_${architecture}.deb`)
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zxz', '-z3', '--build', tree, file], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  console.log(`${file}: ${Math.round(statSync(file).size / 1e6)} MB`)
} finally {
  rmSync(tree, { recursive: true, force: true })
}

function control() {
  return [
    'Package: lugsail',
    `Version: ${version.replace('-', '~')}`,
    `Architecture: ${architecture}`,
    'Section: net',
    'Priority: optional',
    'Maintainer: Lugsail <lugsail@localhost>',
    `Installed-Size: ${Math.ceil(statSync(program).size / 1024)}`,
    // Whoever has no systemd as init still has its tools for users and folders.
    'Depends: libc6 (>= 2.28), libstdc++6, systemd | systemd-standalone-sysusers, systemd | systemd-standalone-tmpfiles',
    `Description: ${description.replace(/:.*/, '')}`,
    ` ${description}.`,
    ` Licence: ${license}.`,
    '',
  ].join('\n')
}

/** As in deploy/, with what the single file needs: where to unpack itself, and the settings that the shell's launcher makes. */
function unit() {
  return readFileSync(join(root, 'deploy/lugsail.service'), 'utf8').replace(
    /^Environment=LUGSAIL_DATA.*$/m,
    '$&\nEnvironment=XDG_CACHE_HOME=/var/lib/lugsail/.cache MALLOC_TRIM_THRESHOLD_=67108864 MALLOC_MMAP_THRESHOLD_=4194304',
  )
}

function place(name) {
  const path = join(tree, name)
  mkdirSync(dirname(path), { recursive: true })
  return path
}

function copy(from, name, mode = 0o644) {
  copyFileSync(from, place(name))
  chmodSync(join(tree, name), mode)
}

function write(name, text) {
  writeFileSync(place(name), text)
}

/** Without the time, so that the same text gives the same bytes. */
function writeGzip(name, text) {
  writeFileSync(place(name), gzipSync(text, { level: 9 }))
}
