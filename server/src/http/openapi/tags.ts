/** The parts of the API, in the order in which somebody new to it wants to read. */
export const tags = [
  { name: 'Search', description: 'Find images by a picture, by a text, or by one that is indexed' },
  { name: 'Searches', description: 'Let questions stand, and be told of new images that match' },
  { name: 'Images', description: 'Add images to the library, list, change and delete them' },
  {
    name: 'Library',
    description: 'The library as a whole: counts, duplicates, moving, re-indexing',
  },
  {
    name: 'Graph',
    description: 'What is known about images, as statements that SPARQL can ask for',
  },
  { name: 'Server', description: 'What runs here, how well, and what it costs' },
]
