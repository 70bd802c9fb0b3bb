'use strict';
const byId = id => document.getElementById(id);
const SIZES = ['small', 'medium', 'large'];
const MAX_BYTES = 20 * 1024 * 1024;

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

const megabytes = bytes => bytes < 1e6 ? Math.max(1, Math.round(bytes / 1e3)) + ' kB' : (bytes / 1e6).toFixed(1) + ' MB';
const seconds = millis => (millis / 1000).toFixed(1) + ' s';

async function call(path, method = 'GET') {
  const response = await fetch(path, {method});
  const body = response.status === 204 ? {} : await response.json();
  if (!response.ok) throw new Error(body.detail || body.title || 'status ' + response.status);
  return body;
}

// ---- uploads: three at a time, each with its own line

const waiting = [];
let uploading = 0;

function upload(file) {
  const state = make('span', {className: 'state', textContent: 'waiting'});
  const progress = make('progress', {max: 1, value: 0});
  const close = make('button', {type: 'button', textContent: '×', title: 'Dismiss', hidden: true});
  const line = make('li', {}, make('span', {className: 'name', textContent: file.name}), state, close, progress);
  close.onclick = () => line.remove();
  byId('uploads').append(line);
  const fail = reason => {
    line.className = 'failed';
    state.textContent = reason;
    progress.remove();
    close.hidden = false;
  };
  if (!/^image\/(jpeg|png)$/.test(file.type)) return fail('only JPEG and PNG');
  if (file.size > MAX_BYTES) return fail('larger than 20 MB');
  waiting.push(() => send(file, line, state, progress, fail));
  next();
}

function next() {
  while (uploading < 3 && waiting.length) {
    uploading++;
    waiting.shift()();
  }
}

function send(file, line, state, progress, fail) {
  const request = new XMLHttpRequest();
  request.upload.onprogress = event => {
    progress.value = event.loaded / event.total;
    state.textContent = megabytes(event.loaded) + ' of ' + megabytes(event.total);
  };
  request.upload.onload = () => {
    progress.removeAttribute('value');
    state.textContent = 'making thumbnails';
    wake();
  };
  request.onload = () => {
    if (request.status === 201) return line.remove();
    let problem = {};
    try { problem = JSON.parse(request.responseText); } catch (_) { /* the status says it */ }
    fail(problem.detail || problem.title || 'refused with status ' + request.status);
  };
  request.onerror = () => fail('the connection broke');
  request.onloadend = () => { uploading--; next(); wake(); };
  const form = new FormData();
  form.append('photo', file);
  request.open('POST', '/photos');
  request.send(form);
}

byId('file').onchange = event => {
  [...event.target.files].forEach(upload);
  event.target.value = '';
};
const drop = byId('drop');
addEventListener('dragover', event => { event.preventDefault(); drop.classList.add('over'); });
addEventListener('dragleave', event => { if (!event.relatedTarget) drop.classList.remove('over'); });
addEventListener('drop', event => {
  event.preventDefault();
  drop.classList.remove('over');
  [...event.dataTransfer.files].forEach(upload);
});

// ---- gallery

const cards = new Map();

function card(photo) {
  const view = make('button', {className: 'view', type: 'button', ariaLabel: 'Show photo'});
  const facts = make('span');
  const remove = make('button', {className: 'bad delete', type: 'button', textContent: 'Delete', hidden: true});
  const sizes = make('div', {className: 'sizes'});
  const element = make('article', {className: 'photo making'}, view,
    make('div', {className: 'text'}, sizes, make('div', {className: 'facts'}, facts, remove)));
  element.dataset.id = photo.id;
  remove.onclick = async () => {
    remove.disabled = true;
    try { await call('/photos/' + photo.id, 'DELETE'); } catch (problem) { console.info(problem.message); }
    wake();
  };
  return {element, view, facts, remove, sizes, seen: ''};
}

function show(item, photo) {
  const seen = JSON.stringify(photo);
  if (item.seen === seen) return;
  item.seen = seen;
  const {links} = photo;
  item.element.classList.toggle('making', !photo.complete);
  item.facts.textContent = (photo.width ? photo.width + ' × ' + photo.height + ', ' : '') + megabytes(photo.bytes);
  item.remove.hidden = !photo.complete;
  item.sizes.replaceChildren(...SIZES.map(size => links[size]
    ? make('a', {href: links[size], textContent: size, target: '_blank'})
    : make('i', {textContent: size})));
  const source = links.medium || links.large;
  if (source && !item.view.firstChild) item.view.append(make('img', {src: source, alt: '', loading: 'lazy'}));
  item.view.onclick = () => links.large && open(photo);
}

function showPhotos({total, photos}) {
  const here = new Set(photos.map(photo => photo.id));
  for (const [id, item] of cards) {
    if (!here.has(id)) { item.element.remove(); cards.delete(id); }
  }
  let place = byId('photos').firstChild;
  for (const photo of photos) {
    if (!cards.has(photo.id)) cards.set(photo.id, card(photo));
    const item = cards.get(photo.id);
    show(item, photo);
    if (item.element === place) place = place.nextSibling;
    else byId('photos').insertBefore(item.element, place);
  }
  byId('none').hidden = total > 0;
  byId('total').textContent = total ? total + (total > photos.length ? ', the newest ' + photos.length + ' are shown' : '') : '';
  return photos.some(photo => !photo.complete);
}

const viewer = byId('viewer');
function open(photo) {
  viewer.querySelector('img').src = photo.links.large;
  viewer.querySelector('span').textContent = photo.width + ' × ' + photo.height + ', ' + new Date(photo.uploaded).toLocaleString();
  viewer.querySelector('a').href = photo.links.original;
  viewer.showModal();
}
viewer.onclick = event => { if (event.target.tagName !== 'A') viewer.close(); };

// ---- jobs

function showJobs(jobs) {
  const lines = [];
  for (let i = 0; i < jobs.workers; i++) {
    const task = jobs.running.find(each => each.worker === i);
    lines.push(make('li', {className: task ? 'on' : 'off'},
      make('span', {className: 'dot ' + (task ? 'busy' : 'idle')}),
      make('span', {textContent: 'worker ' + i}),
      make('b', {textContent: task ? task.category : 'idle'}),
      make('span', {className: 'age', textContent: task ? seconds(task.age) : ''})));
  }
  byId('workers').replaceChildren(...lines);
  new Set(['thumbnail', 'fib', ...jobs.running.map(task => task.category)]).forEach(killer);
  byId('queue').textContent = jobs.queued ? jobs.queued + ' waiting' : '';
  byId('numbers').replaceChildren(...['queued', 'served', 'killed', 'zombies'].map(name =>
    make('div', {}, make('b', {textContent: jobs[name]}), make('span', {textContent: name}))));
  return jobs.running.length > 0;
}

/** The line of a category: a first press counts what would be killed, a second one kills. */
function killer(category) {
  if (document.querySelector('#categories [data-category="' + CSS.escape(category) + '"]')) return;
  const told = make('span', {className: 'told'});
  const button = make('button', {className: 'bad', type: 'button', textContent: 'Kill…'});
  const line = make('div', {}, make('span', {textContent: category}), told, button);
  line.dataset.category = category;
  byId('categories').append(line);
  const path = '/jobs/' + encodeURIComponent(category);
  let calm = 0;
  const reset = () => { button.textContent = 'Kill…'; button.className = 'bad'; };
  button.onclick = async () => {
    clearTimeout(calm);
    try {
      if (button.className === 'bad') {
        const {killed} = await call(path + '?dry-run=true', 'DELETE');
        told.textContent = killed ? '' : 'none is running';
        if (killed) {
          button.textContent = 'Kill ' + killed + '?';
          button.className = 'sure';
        }
      } else {
        const {killed} = await call(path, 'DELETE');
        told.textContent = killed + ' killed';
        reset();
        wake();
      }
    } catch (problem) {
      told.textContent = problem.message;
    }
    calm = setTimeout(() => { reset(); told.textContent = ''; }, 5000);
  };
}

byId('fib').onsubmit = async event => {
  event.preventDefault();
  const n = byId('n').value;
  const took = make('span', {className: 'took', textContent: 'computing'});
  const text = make('span', {textContent: 'fib(' + n + ')'});
  byId('fibs').prepend(make('li', {}, text, took));
  while (byId('fibs').children.length > 6) byId('fibs').lastChild.remove();
  const start = performance.now();
  wake();
  try {
    text.textContent = 'fib(' + n + ') = ' + (await call('/fib/' + n)).fib.toLocaleString();
    took.textContent = seconds(performance.now() - start);
  } catch (problem) {
    took.textContent = problem.message;
    took.classList.add('failed');
  }
};

// ---- the pulse: often while something goes on, seldom else, never in the background

let timer = 0;
let beating = false;

function link(state, text) {
  byId('link').firstChild.className = 'dot ' + state;
  byId('link').lastChild.textContent = text;
}

async function pulse() {
  if (beating || document.hidden) return;
  beating = true;
  clearTimeout(timer);
  let busy = uploading > 0;
  try {
    const [photos, jobs] = await Promise.all([call('/photos'), call('/jobs')]);
    busy = showPhotos(photos) || busy;
    busy = showJobs(jobs) || busy;
    link('', 'live at port ' + location.port);
  } catch (problem) {
    link('bad', 'no answer');
  }
  beating = false;
  timer = setTimeout(pulse, busy ? 300 : 2000);
}

function wake() {
  clearTimeout(timer);
  timer = setTimeout(pulse, 50);
}

document.addEventListener('visibilitychange', pulse);
pulse();
