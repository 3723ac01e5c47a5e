"""Line charts as SVG, with nothing but the standard library."""

import html
import math

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 170, 50, 55
COLOURS = {"gateway": "#c2410c", "mhd": "#1d4ed8", "epoll": "#0f766e", "node": "#4d7c0f", "aiohttp": "#7e22ce",
           "prosody": "#be185d", "ejabberd": "#57534e"}


def number(value):
    """A tick's label."""
    return f"{value:,.0f}" if value >= 10 else f"{value:g}"


class Linear:
    """Maps values from 0 on to pixels."""

    def __init__(self, most, low, high):
        self.most, self.low, self.high = most, low, high

    def __call__(self, value):
        return self.low + value / self.most * (self.high - self.low)


class Scale:
    """Maps values to pixels, by their logarithms."""

    def __init__(self, values, low, high):
        self.least, self.most = min(values), max(values)
        if self.least == self.most:
            self.least, self.most = self.least / 2, self.most * 2
        self.low, self.high = low, high

    def __call__(self, value):
        part = math.log(value / self.least) / math.log(self.most / self.least)
        return self.low + part * (self.high - self.low)


def ticks(least, most):
    """1, 2, 5, 10 … from the one below the least to the one above the most."""
    steps = [factor * 10.0 ** power for power in range(-3, 7) for factor in (1, 2, 5)]
    below = max(step for step in steps if step <= least * 1.0001)
    above = min(step for step in steps if step >= most * 0.9999)
    return [step for step in steps if below <= step <= above]


def chart(title, across, up, series, titles):
    """`series` is `{name: [(x, y)]}`; the label stands where the line ends."""
    series = {name: points for name, points in series.items() if points}
    rows = ticks(*(pick(y for points in series.values() for _, y in points) for pick in (min, max)))
    columns = sorted({x for points in series.values() for x, _ in points})
    x_of = Scale(columns, LEFT, WIDTH - RIGHT)
    y_of = Scale(rows, HEIGHT - BOTTOM, TOP)
    out = grid(title, across, up, [(number(row), y_of(row)) for row in rows], [(number(column), x_of(column)) for column in columns])
    for name, points in series.items():
        out += [f'<circle cx="{x_of(x):.1f}" cy="{y_of(y):.1f}" r="3.5" fill="{COLOURS[name]}"/>' for x, y in points]
    named = [(titles[name], COLOURS[name], [(x_of(x), y_of(y)) for x, y in points]) for name, points in series.items()]
    return "\n".join([*out, *lines(named, 2.5), "</svg>"]) + "\n"


def timeline(title, across, up, series):
    """`series` is `{title: [(x, y)]}`, many points each; both axes begin at 0."""
    most_x, most_y = (max(point[which] for points in series.values() for point in points) for which in (0, 1))
    x_of = Linear(most_x, LEFT, WIDTH - RIGHT)
    # Four to eight lines across, each at a round number.
    step = next(step for step in (factor * 10.0 ** power for power in range(-3, 7) for factor in (1, 2, 5)) if most_y <= step * 8)
    rows = [step * count for count in range(math.ceil(most_y / step) + 1)]
    y_of = Linear(rows[-1], HEIGHT - BOTTOM, TOP)
    columns = [most_x * part / 6 for part in range(7)]
    out = grid(title, across, up, [(number(row), y_of(row)) for row in rows], [(number(column), x_of(column)) for column in columns])
    named = [(name, colour, [(x_of(x), y_of(y)) for x, y in points])
             for (name, points), colour in zip(series.items(), COLOURS.values())]
    return "\n".join([*out, *lines(named, 1.5), "</svg>"]) + "\n"


def grid(title, across, up, rows, columns):
    """The beginning of a picture: its titles, and labels each with the pixel where it stands."""
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="24" font-size="16" font-weight="bold">{html.escape(title)}</text>',
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 12}" text-anchor="middle">{html.escape(across)}</text>',
        f'<text x="{LEFT}" y="42" fill="#555">{html.escape(up)}</text>',
    ]
    for label, y in rows:
        out.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#555">{label}</text>')
    for label, x in columns:
        out.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle" fill="#555">{label}</text>')
    return out


def lines(named, width):
    """Each line, by title, colour and pixels; labels that would lie upon each other move down."""
    out, below = [], 0
    for name, colour, points in sorted(named, key=lambda line: line[2][-1][1]):
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        out.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>')
        end, y = points[-1]
        below = max(y + 4, below + 16)
        out.append(f'<text x="{end + 10:.1f}" y="{below:.1f}" fill="{colour}">{html.escape(name)}</text>')
    return out
