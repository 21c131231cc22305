/** Which of the two themes is shown; `system`: the one that the system has. */
export type Theme = 'system' | 'light' | 'dark'

const NAME = 'lugsail-theme'

/** The theme that was chosen in this browser. */
export function readTheme(): Theme {
  try {
    const kept = localStorage.getItem(NAME)
    return kept === 'light' || kept === 'dark' ? kept : 'system'
  } catch {
    return 'system'
  }
}

/** Shows a theme, and remembers it. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') document.documentElement.removeAttribute('data-theme')
  else document.documentElement.dataset['theme'] = theme
  try {
    if (theme === 'system') localStorage.removeItem(NAME)
    else localStorage.setItem(NAME, theme)
  } catch {
    // A browser that stores nothing shows it until the page is closed.
  }
}
