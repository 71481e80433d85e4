notifications = Notifications
notifications-unread = Notifications, { $unread } unread
nothing-yet = Nothing yet. Mentions, answers, requests to edit and records that you follow are heard of here.
mark-all-as-read = Mark all as read
tell-me-when = Tell me when
