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
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="24" font-size="16" font-weight="bold">{html.escape(title)}</text>',
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 12}" text-anchor="middle">{html.escape(across)}</text>',
        f'<text x="{LEFT}" y="42" fill="#555">{html.escape(up)}</text>',
    ]
    for row in rows:
        y = y_of(row)
        out.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#555">{number(row)}</text>')
    for column in columns:
        x, y = x_of(column), HEIGHT - BOTTOM + 20
        out.append(f'<text x="{x:.1f}" y="{y}" text-anchor="middle" fill="#555">{number(column)}</text>')
    # Labels that would lie upon each other move down.
    ends = sorted(((y_of(points[-1][1]), name) for name, points in series.items()))
    below = 0
    for y, name in ends:
        points, colour = series[name], COLOURS[name]
        path = "L".join(f"{x_of(x):.1f} {y_of(value):.1f}" for x, value in points)
        out.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        out += [f'<circle cx="{x_of(x):.1f}" cy="{y_of(value):.1f}" r="3.5" fill="{colour}"/>' for x, value in points]
        below = max(y + 4, below + 16)
        out.append(f'<text x="{x_of(points[-1][0]) + 10:.1f}" y="{below:.1f}" fill="{colour}">{html.escape(titles[name])}</text>')
    return "\n".join([*out, "</svg>"]) + "\n"
