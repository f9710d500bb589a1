//! Two series over months as figures for an SVG: side by side, or the second on top of the first. The first is filled and
//! the second outlined, so that they differ without colour. The same figures stand in the table beside the picture.

/// A picture in one width.
pub(super) struct Bars {
    pub width: i64,
    pub height: i64,
    pub left: i64,
    pub right: i64,
    pub base: i64,
    pub grid: Vec<(i64, i64)>,
    pub groups: Vec<Group>,
}

/// What belongs to one month.
pub(super) struct Group {
    pub filled: Bar,
    pub outlined: Bar,
    /// Empty where there is no room.
    pub label: String,
    pub middle: i64,
}

pub(super) struct Bar {
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
}

/// How the two series stand to each other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    Beside,
    OnTop,
}

/// Both drawings; none where all is nought.
pub(super) fn draw(groups: &[(String, i64, i64)], stand: Stand) -> Vec<Bars> {
    let height = |(_, first, second): &(String, i64, i64)| match stand {
        Stand::Beside => *first.max(second),
        Stand::OnTop => first + second,
    };
    match groups.iter().map(height).max() {
        None | Some(i64::MIN..=0) => Vec::new(),
        Some(tallest) => {
            let top = ceiling(tallest);
            vec![frame(groups, stand, top, (620, 220, 40, 616, 3)), frame(groups, stand, top, (350, 220, 36, 346, 6))]
        }
    }
}

/// The highest figure of the axis: four even steps that reach the tallest bar.
fn ceiling(tallest: i64) -> i64 {
    let steps = (0..18).flat_map(|tens| [1, 2, 5].map(|step| step * 10_i64.pow(tens)));
    steps.into_iter().find(|step| step * 4 >= tallest).unwrap_or(tallest) * 4
}

fn frame(
    groups: &[(String, i64, i64)],
    stand: Stand,
    top: i64,
    (width, height, left, right, labels): (i64, i64, i64, i64, usize),
) -> Bars {
    let base = height - 28;
    let tall = |count: i64| count.max(0) * (base - 16) / top;
    let each = (right - left) / i64::try_from(groups.len().max(1)).unwrap_or(1);
    let broad = (each - 4).max(2);
    let groups = groups.iter().enumerate().zip(0_i64..).map(|((index, (label, first, second)), at)| {
        let x = left + each * at + 2;
        let (first, second) = (tall(*first), tall(*second));
        let (narrow, beside, lifted) = match stand {
            Stand::Beside => (broad / 2, broad / 2, 0),
            Stand::OnTop => (broad, 0, first),
        };
        Group {
            filled: Bar { x, y: base - first, width: narrow, height: first },
            outlined: Bar { x: x + beside, y: base - lifted - second, width: narrow, height: second },
            label: if index.is_multiple_of(labels) { label.clone() } else { String::new() },
            middle: x + broad / 2,
        }
    });
    Bars {
        width,
        height,
        left,
        right,
        base,
        groups: groups.collect(),
        grid: (0..=4).map(|step| (base - tall(top * step / 4), top * step / 4)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_has_four_whole_steps() {
        assert_eq!([1, 4, 5, 8, 9, 21, 400, 401].map(ceiling), [4, 4, 8, 8, 20, 40, 400, 800]);
    }

    #[test]
    fn nothing_to_show_is_no_picture() {
        assert!(draw(&[("jan".to_owned(), 0, 0)], Stand::OnTop).is_empty());
        assert!(draw(&[], Stand::Beside).is_empty());
    }

    #[test]
    fn bars_stay_within_the_picture_and_on_each_other() {
        let months: Vec<_> = (0..24).map(|n| (n.to_string(), n, 30 - n)).collect();
        for bars in draw(&months, Stand::OnTop) {
            for group in &bars.groups {
                assert!(group.outlined.y >= 16 && group.outlined.y + group.outlined.height == group.filled.y);
                assert!(
                    group.filled.y + group.filled.height == bars.base
                        && group.filled.x + group.filled.width <= bars.right
                );
            }
        }
    }
}
