/*
 * The whole of the script. It changes a picture, a sentence or a link, or loads the page again: which page that is, the server decides.
 * The link to the BankID app is kept current, and never followed by it. It is written in the JavaScript of 2009, so that old phones and the
 * scripted browsers of test suites run it, too: ESLint reads it as ECMAScript 5.
 */
'use strict';
(function () {
  var main = /** @type {HTMLElement} */ (document.getElementById('content'));
  var statusPath = main.getAttribute('data-status') || '';
  var message = main.querySelector('[data-message]');
  /** What the page shows, in the words of the last answer: the next one comes when that changes, or after 20 seconds. */
  var shown = {
    version: main.getAttribute('data-version') || '',
    rfa: message ? message.getAttribute('data-rfa') || '' : '',
  };
  var failures = 0;
  /** @type {number | undefined} */
  var timer;
  /** @type {XMLHttpRequest | undefined} */
  var asking;
  var gone = false;
  /** Opens the BankID app. */
  var launch = /** @type {HTMLAnchorElement | null} */ (main.querySelector('a[data-launch]'));
  /** The link was pressed, and the app may be on its way. */
  var pressed = false;
  /** What the page says while the server has nothing to say. */
  var resting = { rfa: '', text: '' };

  function reload() {
    gone = true;
    location.replace(location.pathname);
  }

  /** @param {string} code @param {string} text */
  function show(code, text) {
    var said = text === '' ? resting : { rfa: code, text: text };
    if (message === null || message.textContent === said.text) return;
    message.setAttribute('data-rfa', said.rfa);
    message.textContent = said.text;
  }

  /**
   * An iPad's Safari calls itself a Macintosh, and the server gives it the link of computers. No Mac has a touch screen.
   * @param {string} href
   */
  function linkHere(href) {
    if (!/Macintosh/.test(navigator.userAgent) || !(navigator.maxTouchPoints > 1)) return href;
    return href.replace(/^bankid:\/\/\/(\?autostarttoken=[^&]*).*$/, 'https://app.bankid.com/$1');
  }

  /** @param {string | undefined} href */
  function renewLink(href) {
    if (launch !== null && href) launch.setAttribute('href', linkHere(href));
  }

  /** @param {XMLHttpRequest} answer */
  function take(answer) {
    if (answer.status === 404) return reload();
    if (answer.status !== 200) throw new Error('status ' + answer.status);
    var status = JSON.parse(answer.responseText);
    failures = 0;
    var isNews = status.version !== shown.version || status.rfa !== shown.rfa;
    if (status.version !== shown.version) {
      // Another order for the same link. While it is being made, there is no link, and the old one stays.
      if (status.view !== 'launch' || launch === null) return reload();
      renewLink(status.link);
    }
    shown.version = status.version;
    shown.rfa = status.rfa;
    show(status.rfa, status.message);
    return isNews;
  }

  function fail() {
    failures += 1;
    if (failures < 3) return;
    shown.rfa = '';
    show('', main.getAttribute('data-offline') || '');
  }

  /** One request at a time. News are followed by the next at once; others by the next two seconds after they were asked for. */
  function poll() {
    clearTimeout(timer);
    if (gone) return;
    var request = new XMLHttpRequest();
    var begun = Date.now();
    var former = asking;
    asking = request;
    if (former) former.abort();
    request.onloadend = function () {
      if (asking !== request) return;
      var isNews = false;
      try {
        isNews = take(request) === true;
      } catch (error) {
        fail();
      }
      clearTimeout(timer);
      if (!gone) timer = setTimeout(poll, isNews ? 0 : Math.max(0, begun + 2000 - Date.now()));
    };
    // Reading slowly costs nothing, as long as the page is looked at. What was pressed must not be renewed under the app's hands.
    var keep = launch !== null && !pressed && !document.hidden ? '&keep=link' : '';
    request.open('GET', statusPath + '?version=' + encodeURIComponent(shown.version) + '&rfa=' + shown.rfa + keep);
    request.setRequestHeader('Accept', 'application/json');
    request.timeout = 30000;
    request.send();
  }

  function nextFrame() {
    var shown = /** @type {HTMLImageElement | null} */ (main.querySelector('[data-qr]'));
    if (shown !== null && !gone) replaceFrame(shown);
  }

  /** @param {HTMLImageElement} shown */
  function replaceFrame(shown) {
    var frame = /** @type {HTMLImageElement} */ (shown.cloneNode(false));
    // A frame that does not come: the order is being renewed, or has begun. The status will say which.
    function again() {
      setTimeout(nextFrame, 1000);
    }
    function swap() {
      // Some browsers tell twice that a picture is there.
      if (shown.parentNode === null) return;
      shown.parentNode.replaceChild(frame, shown);
      again();
    }
    if (!frame.decode) {
      frame.onload = swap;
      frame.onerror = again;
    }
    frame.src = shown.getAttribute('data-qr') + '?' + Date.now();
    if (frame.decode) frame.decode().then(swap, again);
  }

  /** @param {boolean} value */
  function setDisabled(value) {
    var buttons = document.querySelectorAll('button');
    for (var i = 0; i < buttons.length; i += 1) buttons[i].disabled = value;
  }

  if (statusPath !== '') {
    poll();
    // The way back from the app: a phone stops the timers of a page in the background.
    document.addEventListener('visibilitychange', function () {
      if (document.hidden) return;
      pressed = false;
      poll();
    });
  }
  setTimeout(nextFrame, 1000);

  /** @param {HTMLElement} line */
  function watchExpiry(line) {
    var end = Date.now() + Number(line.getAttribute('data-expires')) * 1000;
    function look() {
      var left = end - Date.now();
      if (gone) return;
      if (left <= 0) return reload();
      if (left <= 60000 && line.textContent === '') line.textContent = line.getAttribute('data-soon');
      setTimeout(look, left > 60000 ? left - 60000 : left);
    }
    look();
    document.addEventListener('visibilitychange', look);
  }

  /** @param {HTMLElement} clock */
  function countDown(clock) {
    var end = Date.now() + Number(clock.getAttribute('data-countdown')) * 1000;
    function tick() {
      var left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      clock.textContent = Math.floor(left / 60) + ':' + (left % 60 < 10 ? '0' : '') + (left % 60);
      if (left > 0) setTimeout(tick, 1000);
    }
    tick();
  }

  var expiry = /** @type {HTMLElement | null} */ (main.querySelector('[data-expires]'));
  if (expiry !== null) watchExpiry(expiry);

  var countdown = /** @type {HTMLElement | null} */ (main.querySelector('[data-countdown]'));
  if (countdown !== null) countDown(countdown);

  for (var i = 0; i < document.forms.length; i += 1) {
    document.forms[i].addEventListener('submit', function () {
      setDisabled(true);
    });
  }
  // By the browser's Back button: what is kept of a page may be long past.
  window.addEventListener('pageshow', function (event) {
    if (event.persisted) reload();
    else setDisabled(false);
  });

  /** @param {HTMLAnchorElement} link */
  function explainAfterPress(link) {
    link.addEventListener('click', function () {
      pressed = true;
      resting = { rfa: link.getAttribute('data-opening-rfa') || '', text: link.getAttribute('data-opening') || '' };
      show('', '');
      setTimeout(function () {
        var help = main.querySelector('[data-not-opened]');
        if (help !== null) help.setAttribute('open', '');
      }, 4000);
    });
  }

  if (launch !== null) {
    renewLink(launch.getAttribute('href') || '');
    explainAfterPress(launch);
  }

  /** Which page was left for the TPP last: shared by the tabs of a browser, so that each answer is given once. */
  var LEFT = 'sigill.left';

  function wasLeft() {
    try {
      return localStorage.getItem(LEFT) === location.pathname;
    } catch (error) {
      return false;
    }
  }

  function noteLeaving() {
    try {
      localStorage.setItem(LEFT, location.pathname);
    } catch (error) {
      // A browser that keeps nothing leaves again when its page is opened again.
    }
  }

  /**
   * Back to the TPP, as soon as the page is looked at, and once: one that is opened again, or gone back to, shows what happened.
   * @param {HTMLAnchorElement} link
   */
  function followOnce(link) {
    var line = main.querySelector('[data-returning]');
    var isDone = wasLeft();
    if (line !== null) line.textContent = line.getAttribute(isDone ? 'data-returned' : 'data-returning');
    if (isDone) return;
    function follow() {
      if (document.hidden || gone || wasLeft()) return;
      gone = true;
      noteLeaving();
      location.assign(link.href);
    }
    document.addEventListener('visibilitychange', follow);
    follow();
  }

  var onward = /** @type {HTMLAnchorElement | null} */ (main.querySelector('a[data-continue]'));
  if (onward !== null) followOnce(onward);
})();
