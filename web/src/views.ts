import type { ComponentType } from 'react'
import type { IconName } from './components/icon.tsx'
import type { Library } from './features/library/use-library.ts'
import type { Strings } from './strings/strings.ts'

/** What has an address of its own. The server knows the paths too: `http/plugins/page.ts`. */
export interface View {
  name: keyof Strings['frame']['views']
  path: string
  icon: IconName
  /** Pressed after `g`. */
  key: string
  load: () => Promise<{ default: ComponentType }>
  /** Whether there is anything to see. */
  hasContent: (library: Library) => boolean
  /** Not in the navigation, where only few have room: header or footer lead there. */
  aside?: boolean
}

const hasPictures = ({ info }: Library) => info !== null && info.images !== 0

/** In the order of the navigation; each is loaded when it is first opened. */
export const views: readonly View[] = [
  {
    name: 'search',
    path: '/',
    icon: 'similar',
    key: 's',
    load: () => import('./views/search.tsx'),
    hasContent: () => true,
  },
  {
    name: 'library',
    path: '/library',
    icon: 'library',
    key: 'l',
    load: () => import('./views/library.tsx'),
    // Pictures are added there, too.
    hasContent: ({ info }) => info !== null,
  },
  {
    name: 'duplicates',
    path: '/duplicates',
    icon: 'copies',
    key: 'd',
    load: () => import('./views/duplicates.tsx'),
    hasContent: hasPictures,
  },
  {
    name: 'map',
    path: '/map',
    icon: 'map',
    key: 'm',
    load: () => import('./views/map.tsx'),
    hasContent: hasPictures,
  },
  {
    name: 'graph',
    path: '/graph',
    icon: 'graph',
    key: 'g',
    load: () => import('./views/graph.tsx'),
    hasContent: (library) => hasPictures(library) && library.info?.graph !== 'none',
  },
  {
    name: 'searches',
    path: '/searches',
    icon: 'bell',
    key: 'n',
    load: () => import('./views/searches.tsx'),
    hasContent: ({ info }) => info !== null,
    aside: true,
  },
  {
    name: 'status',
    path: '/status',
    icon: 'settings',
    key: 'c',
    load: () => import('./views/status.tsx'),
    hasContent: ({ info }) => info !== null,
    aside: true,
  },
]
