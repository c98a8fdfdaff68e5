/** What the widget says besides, in Chinese. */
export default {
  too_many_guests: '您所在的网络新访客较多，消息已留在这里，约 {n} 分钟后会自动发出。',
  guest_ended: '您离开较久，之前的对话已结束；发一条消息即可重新开始。',
  guest_unknown_shop: '本店暂时不在这里接待访客',
  guest_account_disabled: '店铺已结束这次对话',
  not_kept: '您的浏览器在这里不保存任何内容：离开或刷新本页后，这次对话就找不回来了。',
  no_messages: '有问题请留言，回复会显示在这里',
};
